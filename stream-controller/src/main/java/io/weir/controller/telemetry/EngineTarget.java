package io.weir.controller.telemetry;

import io.weir.routing.config.Secret;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.MetricsDialect;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * Where one engine is asked, and how.
 *
 * @param id of the engine
 * @param base its URL, without a slash at the end
 * @param metrics where its metrics are, where that was said
 * @param dialect which names they have
 * @param key its bearer token
 */
record EngineTarget(
    String id, String base, Optional<URI> metrics, MetricsDialect dialect, Optional<Secret> key) {

  /**
   * Where an engine is asked by what stands in the topic.
   *
   * @throws IllegalArgumentException if one of its URLs is none
   */
  static EngineTarget of(EngineSpec spec, Optional<Secret> key) {
    return new EngineTarget(
        spec.getId(),
        URI.create(spec.getUrl()).toString().replaceAll("/+$", ""),
        spec.getMetricsUrl().map(URI::create),
        spec.getDialect(),
        key);
  }

  URI page(String path) {
    return URI.create(base + path);
  }

  /** The key, but only for the engine's own address. */
  Optional<Secret> keyFor(URI at) {
    URI own = URI.create(base);
    boolean same =
        Objects.equals(own.getScheme(), at.getScheme())
            && Objects.equals(own.getHost(), at.getHost())
            && own.getPort() == at.getPort();
    return same ? key : Optional.empty();
  }
}
