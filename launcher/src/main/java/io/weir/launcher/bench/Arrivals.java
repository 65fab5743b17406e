package io.weir.launcher.bench;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/** When requests arrive. */
final class Arrivals {
  private Arrivals() {}

  /** Evenly spaced arrivals at a rate, for a time. */
  static Iterator<Shot> constant(
      RateProfile rate, Duration time, int promptTokens, int outputTokens) {
    return upTo(time, promptTokens, outputTokens, previous -> rate.after(previous, 1));
  }

  /** Poisson arrivals, whose gaps are exponential, at a mean rate. */
  static Iterator<Shot> poisson(
      RateProfile rate, Duration time, int promptTokens, int outputTokens, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return upTo(
        time,
        promptTokens,
        outputTokens,
        previous -> rate.after(previous, -Math.log(1 - random.nextDouble())));
  }

  /** A recorded trace, played faster or slower, and no longer than a time. */
  static Iterator<Shot> trace(List<Shot> trace, double speed, Duration time) {
    return trace.stream()
        .map(
            shot ->
                new Shot(
                    Math.round(shot.offsetNanos() / speed),
                    shot.promptTokens(),
                    shot.outputTokens(),
                    shot.prefixBlocks()))
        .takeWhile(shot -> shot.offsetNanos() < time.toNanos())
        .iterator();
  }

  private static Iterator<Shot> upTo(
      Duration time, int promptTokens, int outputTokens, LongUnaryOperator next) {
    return Stream.iterate(0L, offset -> offset < time.toNanos(), next::applyAsLong)
        .map(offset -> new Shot(offset, promptTokens, outputTokens, List.of()))
        .iterator();
  }
}
