package io.weir.routing.retry;

import java.util.Arrays;

/**
 * Keeps retries and hedges to a part of the recent requests, so that they cannot multiply an
 * overload. Every request of the last {@value #SECONDS} s adds a part of a token, time adds a few
 * more, and every retry of that time has taken one (after Finagle's {@code RetryBudget}).
 *
 * <p>Not safe for use by several threads.
 */
public final class RetryBudget {
  private static final int SECONDS = 10;
  private static final long SECOND = 1_000_000_000;

  private final double part;
  private final double floor;
  private final long[] requests = new long[SECONDS];
  private final long[] retries = new long[SECONDS];
  private final long origin;
  private long second;

  /**
   * A budget nobody has used.
   *
   * @param nowNanos monotonic, as everywhere here
   */
  public RetryBudget(RetryPolicy policy, long nowNanos) {
    this.part = policy.budget();
    this.floor = policy.floor() * SECONDS;
    this.origin = nowNanos;
  }

  /** A request was sent for the first time. */
  public void deposit(long nowNanos) {
    advance(nowNanos);
    requests[slot()]++;
  }

  /** Takes a token for a retry; false if there is none. */
  public boolean withdraw(long nowNanos) {
    if (balance(nowNanos) < 1) {
      return false;
    }
    retries[slot()]++;
    return true;
  }

  /** Retries that may be made now. */
  public double balance(long nowNanos) {
    advance(nowNanos);
    return floor + part * Arrays.stream(requests).sum() - Arrays.stream(retries).sum();
  }

  private int slot() {
    return (int) (second % SECONDS);
  }

  private void advance(long nowNanos) {
    long now = Math.max(second, (nowNanos - origin) / SECOND);
    for (long gone = Math.max(second + 1, now - SECONDS + 1); gone <= now; gone++) {
      requests[(int) (gone % SECONDS)] = 0;
      retries[(int) (gone % SECONDS)] = 0;
    }
    second = now;
  }
}
