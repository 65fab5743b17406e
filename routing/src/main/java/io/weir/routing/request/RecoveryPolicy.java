package io.weir.routing.request;

import io.weir.routing.config.ConfigException;
import io.weir.routing.fleet.OnInterruption;
import java.time.Duration;

/**
 * How far a request is recovered.
 *
 * @param maxAttempts how many claims of a request may fail before it is given up; at least 1
 * @param onInterruption what becomes of an answer that broke off before its client's eyes; the
 *     pool's
 * @param grace how long after its expiry a request that nobody holds may still be ended by a
 *     dispatcher, before a controller does it; not negative
 */
public record RecoveryPolicy(int maxAttempts, OnInterruption onInterruption, Duration grace) {
  public RecoveryPolicy {
    if (maxAttempts < 1) {
      throw new ConfigException(
          "max-attempts", "it is %d; it must be at least 1".formatted(maxAttempts));
    }
    if (grace.isNegative()) {
      throw new ConfigException("grace", "it is %s; it must not be negative".formatted(grace));
    }
  }
}
