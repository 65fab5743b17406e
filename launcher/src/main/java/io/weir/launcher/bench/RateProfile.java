package io.weir.launcher.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How many requests are due by when: a rate, or two that take turns.
 *
 * @param perSecond requests per second
 * @param burst what changes that; empty for a steady rate
 */
record RateProfile(double perSecond, Optional<Burst> burst) {
  /**
   * A higher rate that comes again and again.
   *
   * @param calm time before it, at the rate itself
   * @param factor by which the rate is multiplied
   * @param length how long it lasts
   */
  record Burst(Duration calm, double factor, Duration length) {
    /**
     * Reads {@code 30s,1.3,30s}: calm, factor, length.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static Burst of(String text, Function<String, Duration> durations) {
      String[] parts = text.split(",", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException("needs calm, factor and length, such as 30s,1.3,30s");
      }
      Duration calm = durations.apply(parts[0].strip());
      Duration length = durations.apply(parts[2].strip());
      double factor;
      try {
        factor = Double.parseDouble(parts[1].strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + parts[1] + "' is not a factor, such as 1.3", e);
      }
      if (!(factor > 0) || calm.toMillis() <= 0 || length.toMillis() <= 0) {
        throw new IllegalArgumentException("calm, factor and length must be positive");
      }
      return new Burst(calm, factor, length);
    }

    private long period() {
      return calm.toNanos() + length.toNanos();
    }

    /** Whether a time since the start lies within a burst. */
    boolean covers(long offset) {
      return Math.floorMod(offset, period()) >= calm.toNanos();
    }

    private long left(long offset) {
      long within = Math.floorMod(offset, period());
      return (within < calm.toNanos() ? calm.toNanos() : period()) - within;
    }
  }

  static RateProfile steady(double perSecond) {
    return new RateProfile(perSecond, Optional.empty());
  }

  /**
   * When a number of requests more is due, in nanoseconds since the start.
   *
   * @param offset when the last was
   * @param requests how many more, not only whole ones
   */
  long after(long offset, double requests) {
    if (burst.isEmpty()) {
      return offset + Math.round(requests * 1e9 / perSecond);
    }
    Burst turns = burst.get();
    double left = requests;
    long at = offset;
    while (true) {
      double rate = perSecond * (turns.covers(at) ? turns.factor() : 1);
      long untilTurn = turns.left(at);
      double meanwhile = rate * untilTurn / 1e9;
      if (left <= meanwhile) {
        return at + Math.round(left * 1e9 / rate);
      }
      left -= meanwhile;
      at += untilTurn;
    }
  }
}
