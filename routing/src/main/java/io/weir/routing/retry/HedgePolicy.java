package io.weir.routing.retry;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.time.Duration;
import java.util.Optional;

/**
 * When a second engine is asked for an answer whose first token is late (J. Dean and L. A. Barroso,
 * "The Tail at Scale", CACM 56(2), 2013). Pools turn it on.
 *
 * @param quantile of the pool's recent times to first token, after which the answer is late
 * @param samples that quantile is not known with fewer; at least 1
 * @param least no answer is late before
 */
public record HedgePolicy(
    @Default("0.95") double quantile, @Default("20") int samples, @Default("50ms") Duration least) {
  public HedgePolicy {
    if (!(quantile > 0 && quantile < 1)) {
      throw new ConfigException("quantile", "must be between 0 and 1, is " + quantile);
    }
    if (samples < 1) {
      throw new ConfigException("samples", "must be at least 1, is " + samples);
    }
    if (least.isNegative()) {
      throw new ConfigException("least", "must not be negative");
    }
  }

  /**
   * How long to wait for a first token before another engine is asked.
   *
   * @param firstTokenMillis of the pool's recent streams
   * @return empty while too little is known
   */
  public Optional<Duration> delay(RecentTimes firstTokenMillis) {
    var late = firstTokenMillis.quantile(quantile, samples);
    if (late.isEmpty()) {
      return Optional.empty();
    }
    Duration time = Duration.ofNanos((long) (late.getAsDouble() * 1e6));
    return Optional.of(time.compareTo(least) < 0 ? least : time);
  }
}
