package io.weir.routing.order;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;

/**
 * How full engines are kept.
 *
 * @param headroom part of the target time per output token that is aimed for in the mean, so that
 *     the spread around it stays within the target; above 0, at most 1
 * @param prefillIterations prompt tokens that an engine may have, in iterations; above 1, so that
 *     the next iteration has some while the answer to the last is on its way; at least 1
 * @param smoothing weight of a new measurement in the limit, above 0, at most 1
 * @param least requests an engine may always have in flight; at least 1
 */
public record LimitPolicy(
    @Default("0.9") double headroom,
    @Default("1.25") double prefillIterations,
    @Default("0.2") double smoothing,
    @Default("4") int least) {
  public LimitPolicy {
    part("headroom", headroom);
    part("smoothing", smoothing);
    if (!(prefillIterations >= 1)) {
      throw new ConfigException(
          "prefill-iterations", "must be at least 1, is " + prefillIterations);
    }
    if (least < 1) {
      throw new ConfigException("least", "must be at least 1, is " + least);
    }
  }

  private static void part(String key, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new ConfigException(key, "must be above 0 and at most 1, is " + value);
    }
  }
}
