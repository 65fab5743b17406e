package io.weir.routing.admission;

/**
 * Where those who were sent away would stand had they been let in. Each takes a place behind those
 * before, and the queue drains at what the pool serves beyond what is admitted, but at least at a
 * part of what it serves. So senders who are told to come back are told different times, later ones
 * later. Not safe for use by several threads.
 */
final class VirtualQueue {
  private static final double TIME_CONSTANT_SECONDS = 3;

  /** Part of the drain rate that is taken to be left for those who come back. */
  private static final double LEAST_SPARE = 0.1;

  private double tokens;
  private double admittedPerSecond;
  private long at;

  void admitted(double costTokens, double drainPerSecond, long now) {
    roll(drainPerSecond, now);
    admittedPerSecond += costTokens / TIME_CONSTANT_SECONDS;
  }

  /**
   * Takes a place.
   *
   * @return tokens ahead of it
   */
  double enter(double costTokens, double drainPerSecond, long now) {
    roll(drainPerSecond, now);
    double ahead = tokens;
    tokens += costTokens;
    return ahead;
  }

  /** Tokens per second at which places come free. */
  double sparePerSecond(double drainPerSecond) {
    return Math.max(LEAST_SPARE * drainPerSecond, drainPerSecond - admittedPerSecond);
  }

  private void roll(double drainPerSecond, long now) {
    double seconds = Math.max(0, now - at) * 1e-9;
    tokens = Math.max(0, tokens - seconds * sparePerSecond(drainPerSecond));
    admittedPerSecond *= Math.exp(-seconds / TIME_CONSTANT_SECONDS);
    at = now;
  }
}
