package io.weir.routing.admission;

/**
 * Tokens per second that were seen to be served while something was asked for: an exponentially
 * weighted mean over about {@value #TIME_CONSTANT_SECONDS} s, true from its first second on since
 * it is divided by the time that was really seen (the bias correction of Kingma and Ba 2015). What
 * is served is at least this; it may be more. Not safe for use by several threads.
 */
final class ServedRate {
  private static final double TIME_CONSTANT_SECONDS = 5;

  /** A few answers in the first moments say little about a second. */
  private static final double LEAST_SECONDS = 0.25;

  private static final double FORGET_SECONDS = 30;

  private double tokens;
  private double seconds;
  private int open;
  private long at;

  /** Something is asked for. */
  void begun(long now) {
    roll(now);
    open++;
  }

  /** It is over, and this was served of it; 0 if nothing was. */
  void ended(double costTokens, long now) {
    roll(now);
    open--;
    tokens += costTokens;
  }

  /** Tokens per second; 0 if nothing was served. */
  double perSecond(long now) {
    roll(now);
    return tokens / Math.max(LEAST_SECONDS, seconds);
  }

  /** How much is asked for and not over. */
  int open() {
    return open;
  }

  private void roll(long now) {
    double elapsed = Math.max(0, now - at) * 1e-9;
    at = Math.max(at, now);
    if (open > 0) {
      double kept = Math.exp(-elapsed / TIME_CONSTANT_SECONDS);
      tokens *= kept;
      seconds = seconds * kept + TIME_CONSTANT_SECONDS * (1 - kept);
    } else if (elapsed > FORGET_SECONDS) {
      // Nobody asked for so long that the engines may be others by now.
      tokens = 0;
      seconds = 0;
    }
  }
}
