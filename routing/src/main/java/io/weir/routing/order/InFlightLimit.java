package io.weir.routing.order;

/**
 * How many requests an engine may have in flight so that the time per output token stays within a
 * target: it starts at what the engine's model says and follows what is measured,
 *
 * <pre>limit ← (1 − s)·limit + s·(limit·g + √limit),  g = clamp(target ÷ measured, ½, 1)</pre>
 *
 * which is the gradient limiter of Netflix's concurrency-limits (Gradient2Limit) with the target in
 * the place of the long-term latency. It grows only while it is nearly used up, since an idle
 * engine's pace says nothing of a full one's. Not safe for use by several threads.
 */
public final class InFlightLimit {
  private final LimitPolicy policy;
  private final double targetMillis;
  private final int most;
  private double limit;

  /**
   * @param tpotMillis target time per output token; the policy's headroom is taken off it
   * @param modelBatch where to start, from {@link EngineFill}
   * @param most the engine's own limit, such as {@code max_num_seqs}
   */
  public InFlightLimit(LimitPolicy policy, double tpotMillis, double modelBatch, int most) {
    this.policy = policy;
    this.targetMillis = tpotMillis * policy.headroom();
    this.most = Math.max(1, most);
    this.limit = clamp(modelBatch);
  }

  /**
   * What was measured of late, over some tens of tokens or more.
   *
   * @param tpotMillis mean time between tokens; positive
   * @param inFlight requests at the engine meanwhile
   */
  public void measured(double tpotMillis, int inFlight) {
    double gradient = Math.min(1, Math.max(0.5, targetMillis / tpotMillis));
    double wanted = limit * gradient + Math.sqrt(limit);
    if (wanted > limit && inFlight < limit * 0.9) {
      return;
    }
    limit = clamp(limit + policy.smoothing() * (wanted - limit));
  }

  /** Most requests in flight now; at least 1. */
  public int limit() {
    return (int) Math.round(limit);
  }

  private double clamp(double value) {
    return Math.max(Math.min(policy.least(), most), Math.min(most, value));
  }
}
