package io.weir.routing.admission;

import io.weir.routing.config.Configs;
import io.weir.routing.order.ClassShares;
import io.weir.schemas.RequestClass;

/**
 * How long one that waits now will wait: what is queued before it, and priority that comes after it
 * and goes before it, at the rate at which it was let in, an exponentially weighted mean over about
 * {@value #TIME_CONSTANT_SECONDS} s.
 *
 * <p>While classes below priority are backlogged each drains at its share of what is left (deficit
 * round robin: Shreedhar and Varghese, 1995), so what a class has waiting itself is not gone
 * sooner. Standard, whose wait is over in two seconds, is reckoned with all of that. The others
 * hope: in the minute that batch may wait the queues of others empty now and then, so {@value
 * #BATCH} of it is taken; for flex the half of its time to first token that it may not wait is
 * enough. Both are measured: reckoned with all of it they lose more that could have been served
 * than they are spared in vain.
 *
 * <p>Not safe for use by several threads.
 */
final class ClassWait {
  private static final double TIME_CONSTANT_SECONDS = 3;

  /** Dispatchers may be told others; these are what they have otherwise. */
  private static final ClassShares SHARES = Configs.defaults(ClassShares.class);

  private static final double BATCH = 0.25;

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
    double before = 0;
    for (RequestClass each : CLASSES) {
      boolean goesBefore = each != RequestClass.PRIORITY && each.compareTo(requestClass) <= 0;
      before += goesBefore ? load.queuedTokens(each) : 0;
    }
    double atItsShare = load.queuedTokens(requestClass) * certain(requestClass);
    return ahead
        + Math.max(
            before / left(drain, now), atItsShare / perSecond(requestClass, load, drain, now));
  }

  /**
   * Tokens per second of a class while those below priority that have something waiting go on
   * having it.
   *
   * @param drain tokens per second of all classes together; positive
   */
  double perSecond(RequestClass requestClass, PoolLoad load, double drain, long now) {
    if (requestClass == RequestClass.PRIORITY) {
      return drain;
    }
    double weights = 0;
    for (RequestClass each : CLASSES) {
      boolean waits = each == requestClass || load.queuedTokens(each) > 0;
      weights += each != RequestClass.PRIORITY && waits ? SHARES.weight(each) : 0;
    }
    return left(drain, now) * SHARES.weight(requestClass) / weights;
  }

  private double left(double drain, long now) {
    roll(now);
    return Math.max(SHARES.floor() * drain, drain - priorityPerSecond);
  }

  /** Part of the wait at its share that a class has to reckon with. */
  private static double certain(RequestClass requestClass) {
    return switch (requestClass) {
      case PRIORITY, FLEX -> 0;
      case STANDARD -> 1;
      case BATCH -> BATCH;
    };
  }

  private void roll(long now) {
    double seconds = Math.max(0, now - at) * 1e-9;
    if (seconds > 0) {
      priorityPerSecond *= Math.exp(-seconds / TIME_CONSTANT_SECONDS);
      at = now;
    }
  }
}
