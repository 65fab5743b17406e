package io.weir.routing.limit;

/**
 * What part of what is left each of several instances may hold. Half is for those that are known to
 * serve the tenant, so that who serves it alone gets nearly all of it; half is for all that live,
 * so that nobody who begins finds it all held. Whoever begins beside others has little until they
 * have heard of it: the shares of those who know of each other never add up to more than 1.
 */
final class Shares {
  private static final double BEGINNERS = 0.125;

  private Shares() {}

  /**
   * One instance's.
   *
   * @param live how many there are, with this one
   * @param activeOthers how many others are known to serve the tenant
   * @param known true if the others know that this one does
   */
  static double of(int live, int activeOthers, boolean known) {
    double even = 1.0 / Math.max(1, live);
    if (known) {
      return 0.5 / (activeOthers + 1) + 0.5 * even;
    }
    return activeOthers == 0 ? even : BEGINNERS * even;
  }
}
