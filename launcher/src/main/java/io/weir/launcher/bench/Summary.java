package io.weir.launcher.bench;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run measured, its warm-up left out.
 *
 * @param elapsed from the first intended send to the last answer
 * @param sent requests sent, or that should have been
 * @param good answers that met the goals
 * @param failures counts by kind
 * @param refused of those that failed, how many were told so by an error status at their last try
 * @param refusal times until refused for any reason, of every try
 * @param refusals times until refused by kind, of every try
 * @param tries at which try requests were answered
 */
record Summary(
    Duration elapsed,
    long sent,
    long answered,
    long failed,
    long refused,
    long promptTokens,
    long outputTokens,
    Goals goals,
    long good,
    Percentiles ttft,
    Percentiles itl,
    Percentiles tpot,
    Percentiles e2e,
    Map<String, Long> failures,
    Percentiles refusal,
    Map<String, Percentiles> refusals,
    List<Tries.Try> tries) {
  Summary {
    failures = new TreeMap<>(failures);
    refusals = Collections.unmodifiableMap(new TreeMap<>(refusals));
    tries = List.copyOf(tries);
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
