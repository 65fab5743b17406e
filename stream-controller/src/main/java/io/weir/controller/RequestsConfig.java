package io.weir.controller;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The state of requests, and what becomes of those whose dispatcher died.
 *
 * @param maxAttempts how many times a request is begun, before it is given up
 * @param standbyReplicas copies of each store that other controllers keep, to take over quickly
 * @param stateDir directory of the stores; below the data directory where none is given
 * @param retention how long a request can be looked up; not longer than the lifecycle topic's
 * @param threads that read the lifecycle
 */
public record RequestsConfig(
    @Default("3") int maxAttempts,
    @Default("1") int standbyReplicas,
    Optional<Path> stateDir,
    @Default("7d") Duration retention,
    @Default("1") int threads) {
  public RequestsConfig {
    if (maxAttempts < 1) {
      throw new ConfigException("max-attempts", "must be at least 1, is " + maxAttempts);
    }
    if (standbyReplicas < 0) {
      throw new ConfigException("standby-replicas", "must not be negative, is " + standbyReplicas);
    }
    if (retention.compareTo(Duration.ofHours(1)) < 0) {
      throw new ConfigException("retention", "must be at least an hour, is " + retention);
    }
    if (threads < 1) {
      throw new ConfigException("threads", "must be at least 1, is " + threads);
    }
  }

  /** The same with stores in this directory, unless the configuration names one. */
  public RequestsConfig orIn(Path directory) {
    return new RequestsConfig(
        maxAttempts,
        standbyReplicas,
        stateDir.or(() -> Optional.of(directory)),
        retention,
        threads);
  }
}
