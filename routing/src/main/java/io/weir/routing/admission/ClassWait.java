package io.weir.routing.admission;

import io.weir.schemas.RequestClass;

/**
 * How long one that waits now will wait: what is queued before it, and priority that comes after it
 * and goes before it, at the rate at which it was let in, an exponentially weighted mean over about
 * {@value #TIME_CONSTANT_SECONDS} s. That standard goes before flex and batch is in their parts of
 * the time to first token, which are half. Not safe for use by several threads.
 */
final class ClassWait {
  private static final double TIME_CONSTANT_SECONDS = 3;

  /** Part of the drain that priority leaves. Dispatchers may be told another; this is a guess. */
  private static final double FLOOR = 0.05;

  private static final RequestClass[] CLASSES = RequestClass.values();

  private double priorityPerSecond;
  private long at;

  void admitted(RequestClass requestClass, double costTokens, long now) {
    if (requestClass == RequestClass.PRIORITY) {
      roll(now);
      priorityPerSecond += costTokens / TIME_CONSTANT_SECONDS;
    }
  }

  /**
   * Seconds that a request which comes now waits behind what is queued.
   *
   * @param drain tokens per second of all classes together; positive
   */
  double waitSeconds(RequestClass requestClass, PoolLoad load, double drain, long now) {
    double ahead = load.queuedTokens(RequestClass.PRIORITY) / drain;
    if (requestClass == RequestClass.PRIORITY) {
      return ahead;
    }
    roll(now);
    double queued = 0;
    for (RequestClass each : CLASSES) {
      boolean before = each != RequestClass.PRIORITY && each.compareTo(requestClass) <= 0;
      queued += before ? load.queuedTokens(each) : 0;
    }
    return ahead + queued / Math.max(FLOOR * drain, drain - priorityPerSecond);
  }

  private void roll(long now) {
    double seconds = Math.max(0, now - at) * 1e-9;
    if (seconds > 0) {
      priorityPerSecond *= Math.exp(-seconds / TIME_CONSTANT_SECONDS);
      at = now;
    }
  }
}
