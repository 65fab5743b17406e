package io.weir.routing.queue;

/**
 * Events per second, as an exponentially weighted mean over about two seconds. Counts in windows of
 * at least 100 ms so that a single short gap does not count as a rate.
 */
final class DrainRate {
  private static final double TIME_CONSTANT_SECONDS = 2;
  private static final long WINDOW_NANOS = 100_000_000;

  private long windowStart;
  private int inWindow;
  private boolean started;
  private double perSecond;

  void count(long nanos) {
    roll(nanos);
    inWindow++;
  }

  double perSecond(long nanos) {
    roll(nanos);
    return perSecond;
  }

  private void roll(long nanos) {
    if (!started) {
      started = true;
      windowStart = nanos;
      return;
    }
    long elapsed = nanos - windowStart;
    if (elapsed < WINDOW_NANOS) {
      return;
    }
    double seconds = elapsed / 1e9;
    double kept = Math.exp(-seconds / TIME_CONSTANT_SECONDS);
    perSecond = perSecond * kept + inWindow / seconds * (1 - kept);
    inWindow = 0;
    windowStart = nanos;
  }
}
