package io.weir.dispatcher;

import java.util.Arrays;

/**
 * The round trip to one engine from its probes: the lower quartile of the last 16. A probe's time
 * is the way there and back and whatever the engine does meanwhile, so the short ones tell most;
 * the shortest alone would keep a route that is gone for too long.
 */
final class RttEstimate {
  private static final int WINDOW = 16;

  private final double[] last = new double[WINDOW];
  private int count;
  private volatile double seconds = Double.NaN;

  /** Takes a probe's time in seconds. */
  synchronized void add(double probe) {
    last[count++ % WINDOW] = probe;
    double[] sorted = Arrays.copyOf(last, Math.min(count, WINDOW));
    Arrays.sort(sorted);
    seconds = sorted[(sorted.length - 1) / 4];
  }

  /** In seconds; NaN before the first probe. */
  double seconds() {
    return seconds;
  }
}
