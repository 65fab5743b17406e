package io.weir.schemas.tenants;

import io.weir.schemas.TenantSpend;

/**
 * What a tenant used up in a period, all partitions of the lifecycle together.
 *
 * @param requests that were run and have ended
 * @param promptTokens of those
 * @param outputTokens of those
 * @param cost of those, US dollars
 * @param openTokens estimates of what was accepted and has not ended, whenever that was
 * @param openCost the same in US dollars
 */
public record Spent(
    long requests,
    long promptTokens,
    long outputTokens,
    double cost,
    long openTokens,
    double openCost) {
  /** Nothing. */
  public static final Spent NOTHING = new Spent(0, 0, 0, 0, 0, 0);

  Spent plus(TenantSpend part) {
    return new Spent(
        requests + part.getRequests(),
        promptTokens + part.getPromptTokens(),
        outputTokens + part.getOutputTokens(),
        cost + part.getCost(),
        openTokens + part.getOpenTokens(),
        openCost + part.getOpenCost());
  }

  /** Tokens used up and bespoken. */
  public double tokensWithOpen() {
    return (double) promptTokens + outputTokens + openTokens;
  }

  /** Dollars used up and bespoken. */
  public double costWithOpen() {
    return cost + openCost;
  }
}
