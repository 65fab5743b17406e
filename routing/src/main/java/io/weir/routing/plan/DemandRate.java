package io.weir.routing.plan;

import io.weir.schemas.RequestClass;

/**
 * Offered demand of one source, pool and class: before shedding, every request once.
 *
 * @param perSecond requests per second
 * @param sigma standard deviation of the rate over a few seconds, the size of a usual burst
 * @param promptTokens mean prompt, cached part included
 * @param outputTokens mean answer
 * @param cachedFraction part of the prompt's tokens found in prefix caches, 0 to 1
 * @param atMillis up to when requests were counted, ms since the epoch
 */
public record DemandRate(
    String source,
    String pool,
    RequestClass requestClass,
    double perSecond,
    double sigma,
    double promptTokens,
    double outputTokens,
    double cachedFraction,
    long atMillis) {
  public DemandRate {
    if (!(perSecond >= 0 && sigma >= 0 && promptTokens >= 1 && outputTokens >= 1)
        || !(cachedFraction >= 0 && cachedFraction <= 1)
        || Double.isInfinite(perSecond + sigma + promptTokens + outputTokens)) {
      throw new IllegalArgumentException(
          "rates are not negative, tokens at least 1, the cached fraction is in [0, 1]: "
              + perSecond
              + " ± "
              + sigma
              + "/s of "
              + promptTokens
              + " + "
              + outputTokens
              + " tokens, cached "
              + cachedFraction);
    }
  }
}
