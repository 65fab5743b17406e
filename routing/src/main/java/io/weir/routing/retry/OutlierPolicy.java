package io.weir.routing.retry;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.time.Duration;

/**
 * When an engine that fails, or is far slower than its pool, is left alone, and for how long.
 *
 * @param failures how many in a row; 0 turns this part off
 * @param latency how many times the pool's median time to first token its own may be; 0 turns this
 *     part off
 * @param latencyFloor a time to first token that is never held against an engine
 * @param base for how long the first time; it doubles with each that follows
 * @param cap for how long at most
 * @param most of a pool's engines at once, as a part; 0 to 1
 */
public record OutlierPolicy(
    @Default("5") int failures,
    @Default("8") double latency,
    @Default("2s") Duration latencyFloor,
    @Default("1s") Duration base,
    @Default("60s") Duration cap,
    @Default("0.5") double most) {
  private static final int LONGEST_DOUBLING = 30;

  public OutlierPolicy {
    if (failures < 0) {
      throw new ConfigException("failures", "must not be negative, is " + failures);
    }
    if (!(latency == 0 || latency >= 1) || Double.isInfinite(latency)) {
      throw new ConfigException("latency", "must be 0, or at least 1, is " + latency);
    }
    if (latencyFloor.isNegative()) {
      throw new ConfigException("latency-floor", "must not be negative");
    }
    if (base.toMillis() < 1) {
      throw new ConfigException("base", "must be at least 1ms");
    }
    if (cap.compareTo(base) < 0) {
      throw new ConfigException("cap", "must not be less than base");
    }
    if (!(most >= 0 && most <= 1)) {
      throw new ConfigException("most", "must be a part from 0 to 1, is " + most);
    }
  }

  /** True if one more engine may be left alone. */
  public boolean allows(int ejected, int engines) {
    return ejected + 1 <= most * engines;
  }

  /** True if a time to first token is far off that of the pool. */
  public boolean slow(double ownMillis, double poolMillis) {
    return latency > 0 && ownMillis > latencyFloor.toMillis() && ownMillis > latency * poolMillis;
  }

  /** For how long an engine is left alone that was so often before. */
  Duration ejection(int before) {
    long nanos = base.toNanos();
    for (int i = 0; i < Math.min(before, LONGEST_DOUBLING) && nanos < cap.toNanos(); i++) {
      nanos *= 2;
    }
    return Duration.ofNanos(Math.min(nanos, cap.toNanos()));
  }
}
