package io.weir.ingress;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.List;

/**
 * How long after its arrival a request without a deadline of its own expires, by class; at most a
 * day.
 */
public record RequestExpiry(
    @Default("5m") Duration priority,
    @Default("10m") Duration standard,
    @Default("15m") Duration flex,
    @Default("24h") Duration batch) {
  /** No request lives longer. */
  static final Duration LONGEST = Duration.ofHours(24);

  public RequestExpiry {
    for (Duration each : List.of(priority, standard, flex, batch)) {
      if (!each.isPositive() || each.compareTo(LONGEST) > 0) {
        throw new ConfigException("expiry", "must be over 0s and at most 24h, is " + each);
      }
    }
  }

  Duration of(RequestClass requestClass) {
    return switch (requestClass) {
      case PRIORITY -> priority;
      case STANDARD -> standard;
      case FLEX -> flex;
      case BATCH -> batch;
    };
  }
}
