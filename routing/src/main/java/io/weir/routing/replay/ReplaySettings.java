package io.weir.routing.replay;

import java.time.Duration;

/**
 * How a scenario is run.
 *
 * @param telemetryAge how old an engine's sample is when dispatchers get it; a new one is taken
 *     that often, but at least every second
 * @param solveInterval time between two solutions of the weights
 * @param inFlightLimit most requests on one engine that dispatchers aim for; the engine's {@code
 *     max_num_seqs} if that is less
 * @param seed of every random draw
 */
public record ReplaySettings(
    Duration telemetryAge, Duration solveInterval, int inFlightLimit, long seed) {
  public ReplaySettings {
    if (telemetryAge.isNegative() || telemetryAge.isZero()) {
      throw new IllegalArgumentException("telemetryAge must be positive, is " + telemetryAge);
    }
    if (solveInterval.isNegative() || solveInterval.isZero()) {
      throw new IllegalArgumentException("solveInterval must be positive, is " + solveInterval);
    }
    if (inFlightLimit < 1) {
      throw new IllegalArgumentException("inFlightLimit must be at least 1, is " + inFlightLimit);
    }
  }

  /** Samples 500 ms old, weights every 2 s, the engines' own limits. */
  public static ReplaySettings defaults() {
    return new ReplaySettings(Duration.ofMillis(500), Duration.ofSeconds(2), 256, 1);
  }

  /** The same with samples of another age. */
  public ReplaySettings withTelemetryAge(Duration age) {
    return new ReplaySettings(age, solveInterval, inFlightLimit, seed);
  }
}
