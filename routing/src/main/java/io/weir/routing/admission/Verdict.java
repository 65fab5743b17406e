package io.weir.routing.admission;

import java.time.Duration;

/** Whether a request may come in, with the numbers that say why. */
public sealed interface Verdict {
  /** Tokens that wait in its class and in those above. */
  double queuedTokens();

  /** Tokens per second that were reckoned with, less than what was measured if that is old. */
  double drainPerSecond();

  /**
   * It may.
   *
   * @param waitMillis how long it will wait
   */
  record Admitted(double queuedTokens, double drainPerSecond, double waitMillis)
      implements Verdict {}

  /**
   * It may not.
   *
   * @param waitMillis how long it would have waited; infinite if nothing is served
   * @param limitMillis how long it may at most
   * @param tenantTokens tokens that its tenant has waiting in its class
   * @param place tokens of those sent away before it that are still to come back
   * @param retryAfter when to try again
   */
  record Shed(
      ShedReason reason,
      double queuedTokens,
      double drainPerSecond,
      double waitMillis,
      double limitMillis,
      double tenantTokens,
      double place,
      Duration retryAfter)
      implements Verdict {}
}
