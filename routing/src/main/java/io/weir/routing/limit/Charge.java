package io.weir.routing.limit;

/** What was counted of one request against its tenant's limits. Settled at most once. */
public final class Charge {
  private final TenantAccount account;
  private final double tokens;
  private final double cost;
  private boolean settled;

  Charge(TenantAccount account, double tokens, double cost) {
    this.account = account;
    this.tokens = tokens;
    this.cost = cost;
  }

  /**
   * The request was run, and used so much.
   *
   * @param usedTokens prompt and output
   * @param usedCost US dollars
   */
  public void correct(double usedTokens, double usedCost) {
    if (settle()) {
      account.correct(usedTokens - tokens, usedCost - cost);
    }
  }

  /** The request was not run: it was never there. */
  public void refund() {
    if (settle()) {
      account.refund(tokens, cost);
    }
  }

  private synchronized boolean settle() {
    boolean first = !settled;
    settled = true;
    return first;
  }
}
