package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.routing.config.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * One inference server that speaks the OpenAI API.
 *
 * @param id unique in the fleet
 * @param url base URL, to which paths such as {@code /v1/chat/completions} are appended
 * @param pool name of its pool
 * @param region where it lies, such as {@code aws:us-east-1}
 * @param weight its share relative to the pool's other engines while no weights are planned;
 *     positive
 * @param maxInFlight how many requests one dispatcher may have in flight there; at least 1
 * @param apiKey sent as bearer token
 * @param profile what it can do, as far as that is known
 * @param pricePerHour US dollars; not negative
 * @param telemetry which names its metrics have
 * @param metricsUrl where its metrics are, if not at {@code /metrics} below its URL
 * @param continues true if it goes on with a text that it is given as the beginning of its answer,
 *     as vLLM does with {@code continue_final_message}
 */
public record Engine(
    String id,
    URI url,
    String pool,
    @Default("local") String region,
    @Default("1") double weight,
    @Default("64") int maxInFlight,
    Optional<Secret> apiKey,
    Optional<ProfileConfig> profile,
    @Default("0") double pricePerHour,
    @Default("auto") Telemetry telemetry,
    Optional<URI> metricsUrl,
    @Default("false") boolean continues) {
  public Engine {
    if (id.isBlank()) {
      throw new ConfigException("id", "must not be blank");
    }
    requireHttp("url", url);
    metricsUrl.ifPresent(at -> requireHttp("metrics-url", at));
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new ConfigException("weight", "must be a positive number, is " + weight);
    }
    if (maxInFlight < 1) {
      throw new ConfigException("max-in-flight", "must be at least 1, is " + maxInFlight);
    }
    if (!(pricePerHour >= 0) || Double.isInfinite(pricePerHour)) {
      throw new ConfigException("price-per-hour", "must not be negative, is " + pricePerHour);
    }
  }

  /** The same engine at another address. */
  public Engine at(URI newUrl) {
    return new Engine(
        id,
        newUrl,
        pool,
        region,
        weight,
        maxInFlight,
        apiKey,
        profile,
        pricePerHour,
        telemetry,
        metricsUrl,
        continues);
  }

  /** The same engine with a profile, unless it has one. */
  public Engine or(ProfileConfig other) {
    return new Engine(
        id,
        url,
        pool,
        region,
        weight,
        maxInFlight,
        apiKey,
        profile.or(() -> Optional.of(other)),
        pricePerHour,
        telemetry,
        metricsUrl,
        continues);
  }

  /** The same engine, which goes on with a text it is given. */
  public Engine continuing() {
    return new Engine(
        id,
        url,
        pool,
        region,
        weight,
        maxInFlight,
        apiKey,
        profile,
        pricePerHour,
        telemetry,
        metricsUrl,
        true);
  }

  private static void requireHttp(String key, URI url) {
    if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
        || url.getHost() == null) {
      throw new ConfigException(
          key, "'" + url + "' must be an absolute http or https URL, such as http://host:8000");
    }
  }
}
