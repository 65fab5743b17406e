package io.weir.launcher.bench;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run measured, its warm-up left out.
 *
 * @param elapsed from the first intended send to the last answer
 * @param sent requests sent, or that should have been
 * @param good answers that met the goals
 * @param failures counts by kind
 */
record Summary(
    Duration elapsed,
    long sent,
    long answered,
    long failed,
    long promptTokens,
    long outputTokens,
    Goals goals,
    long good,
    Percentiles ttft,
    Percentiles itl,
    Percentiles tpot,
    Percentiles e2e,
    Map<String, Long> failures) {
  Summary {
    failures = new TreeMap<>(failures);
  }

  /** Requests that neither were answered nor had failed when the run ended. */
  long unfinished() {
    return Math.max(0, sent - answered - failed);
  }

  double perSecond(long count) {
    double seconds = elapsed.toNanos() / 1e9;
    return seconds > 0 ? count / seconds : 0;
  }
}
