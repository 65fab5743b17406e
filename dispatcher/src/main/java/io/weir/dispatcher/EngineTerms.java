package io.weir.dispatcher;

import io.weir.routing.config.Secret;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineTimings;
import io.weir.routing.fleet.Engine;
import io.weir.schemas.EngineSpec;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * An engine as it is wanted: from this dispatcher's configuration at first, then from {@code
 * weir.engines}, which never holds a key.
 *
 * @param weight share relative to the pool's other engines while no weights are planned; positive
 * @param maxInFlight most requests of one dispatcher at once; at least 1
 * @param draining true if it is to get no new work
 * @param profile what is known of its speed and limits
 * @param continues true if it goes on with a text that it is given as the beginning of its answer
 * @param region where it lies
 */
record EngineTerms(
    String id,
    URI url,
    String pool,
    double weight,
    int maxInFlight,
    boolean draining,
    Optional<Secret> apiKey,
    Optional<EngineProfile> profile,
    boolean continues,
    String region) {
  static EngineTerms of(Engine engine) {
    return new EngineTerms(
        engine.id(),
        engine.url(),
        engine.pool(),
        engine.weight(),
        engine.maxInFlight(),
        false,
        engine.apiKey(),
        Optional.empty(),
        engine.continues(),
        engine.region());
  }

  /**
   * What a record says.
   *
   * @param apiKey from this dispatcher's configuration
   * @throws IllegalArgumentException if it cannot be used
   */
  static EngineTerms of(EngineSpec spec, Optional<Secret> apiKey) {
    if (!(spec.getWeight() > 0) || Double.isInfinite(spec.getWeight())) {
      throw new IllegalArgumentException("its weight is not positive: " + spec.getWeight());
    }
    if (spec.getMaxInFlight() < 1) {
      throw new IllegalArgumentException("it may have nothing in flight: " + spec.getMaxInFlight());
    }
    return new EngineTerms(
        spec.getId(),
        http(spec.getUrl()),
        spec.getPool(),
        spec.getWeight(),
        spec.getMaxInFlight(),
        spec.getDraining(),
        apiKey,
        Optional.of(EngineTimings.profile(spec.getTiming())),
        spec.getContinues(),
        spec.getRegion());
  }

  private static URI http(String text) {
    try {
      URI url = new URI(text);
      if (url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
        return url;
      }
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException("its URL is none: " + text, malformed);
    }
    throw new IllegalArgumentException("its URL is not absolute http or https: " + text);
  }

  /** True if the same connections and probes serve both. */
  boolean sameServer(EngineTerms other) {
    return url.equals(other.url) && pool.equals(other.pool);
  }
}
