package io.weir.routing.order;

/**
 * How fast a pool serves when it has work: tokens per second, as an exponentially weighted mean
 * over about {@value #TIME_CONSTANT_SECONDS} s of the time in which something waited. Time in which
 * nothing waited says how much was asked for, not how much could be served, and raises the estimate
 * if it was more over {@value #SUSTAINED_SECONDS} s: in less, requests only fill places that were
 * free. Not safe for use by several threads.
 */
public final class DrainEstimate {
  private static final double TIME_CONSTANT_SECONDS = 3;
  private static final long WINDOW_NANOS = 200_000_000;
  private static final long SUSTAINED_SECONDS = 2;

  private double perSecond;
  private double modelled;
  private double tokens;
  private long windowStart;
  private double sustained;
  private long sustainedStart;
  private boolean waiting;
  private boolean alwaysWaiting;

  /**
   * @param tokensPerSecond what the engines' models say
   * @param now on the caller's monotonic clock
   */
  public DrainEstimate(double tokensPerSecond, long now) {
    perSecond = tokensPerSecond;
    modelled = tokensPerSecond;
    windowStart = now;
    sustainedStart = now;
  }

  /**
   * The engines are others: what was measured of those before counts in proportion.
   *
   * @param tokensPerSecond what the models of those there are now say; 0 if there are none, which
   *     says nothing of those that will come back
   */
  public void modelled(double tokensPerSecond, long now) {
    roll(now);
    if (tokensPerSecond > 0) {
      perSecond = modelled > 0 ? perSecond * tokensPerSecond / modelled : tokensPerSecond;
      modelled = tokensPerSecond;
    }
  }

  /**
   * A request was sent to an engine.
   *
   * @param stillWaiting how many wait behind it
   */
  public void served(double costTokens, int stillWaiting, long now) {
    roll(now);
    tokens += costTokens;
    waiting = stillWaiting > 0;
    alwaysWaiting &= waiting;
  }

  /** Nothing waits now. */
  public void idle(long now) {
    roll(now);
    waiting = false;
    alwaysWaiting = false;
  }

  /** Tokens per second. */
  public double perSecond(long now) {
    roll(now);
    return perSecond;
  }

  private void roll(long now) {
    long elapsed = now - windowStart;
    if (elapsed < WINDOW_NANOS) {
      return;
    }
    sustained += tokens;
    if (alwaysWaiting) {
      follow(tokens, elapsed);
    }
    long longer = now - sustainedStart;
    if (longer >= SUSTAINED_SECONDS * 1_000_000_000L) {
      if (sustained > perSecond * longer * 1e-9) {
        follow(sustained, longer);
      }
      sustained = 0;
      sustainedStart = now;
    }
    tokens = 0;
    windowStart = now;
    alwaysWaiting = waiting;
  }

  private void follow(double served, long nanos) {
    double seconds = nanos * 1e-9;
    perSecond += (1 - Math.exp(-seconds / TIME_CONSTANT_SECONDS)) * (served / seconds - perSecond);
  }
}
