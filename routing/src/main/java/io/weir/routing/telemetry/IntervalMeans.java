package io.weir.routing.telemetry;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Latencies between two readings of one engine.
 *
 * @param tpotMillis mean time per output token in ms; empty if no token came
 * @param ttftMillis mean time to the first token in ms; empty if there was no first token
 */
public record IntervalMeans(OptionalDouble tpotMillis, OptionalDouble ttftMillis) {
  /** Nothing known, as before the second reading. */
  public static final IntervalMeans UNKNOWN =
      new IntervalMeans(OptionalDouble.empty(), OptionalDouble.empty());

  /** What happened from one reading to the next; restarts of the engine in between are allowed. */
  public static IntervalMeans between(EngineReading before, EngineReading now) {
    return new IntervalMeans(
        mean(before.tokenTime(), now.tokenTime()),
        mean(before.firstTokenTime(), now.firstTokenTime()));
  }

  private static OptionalDouble mean(Optional<Cumulative> before, Optional<Cumulative> now) {
    return before.isPresent() && now.isPresent()
        ? now.get().meanMillisSince(before.get())
        : OptionalDouble.empty();
  }
}
