package io.weir.routing.engine;

/**
 * An engine under steady load in closed form, for planning. With chunked prefill an iteration lasts
 * {@code tau = alpha + tau·lambda·(gamma·p + beta·o)}, so with {@code rho = lambda·(gamma·p +
 * beta·o)} the time per output token is {@code alpha / (1 − rho)}: the engine is a
 * processor-sharing queue. Valid while neither {@code max_num_seqs} nor the KV cache binds.
 *
 * @param alpha ms of an iteration without load
 * @param beta ms one decoded token adds
 * @param gamma ms one prefilled token adds
 */
public record SteadyState(double alpha, double beta, double gamma) {
  /**
   * The closed form of a profile for requests of a mean size, while decoding batches are
   * memory-bound, that is below {@code (t0 − c0)/(g − a)} sequences. A prefill chunk turns its
   * iteration from memory-bound to compute-bound: it pays g per token, less what the iteration
   * would have waited for memory anyway. That is {@code t0 − c0} for an empty batch and nothing for
   * one at the limit; half of it is taken here.
   *
   * @param promptTokens mean uncached prompt
   * @param outputTokens mean answer
   */
  public static SteadyState of(EngineProfile profile, double promptTokens, double outputTokens) {
    IterationCost cost = profile.cost();
    double context = promptTokens + outputTokens / 2;
    double chunk = Math.min(promptTokens, profile.maxNumBatchedTokens());
    double gamma = cost.g() - Math.max(0, cost.t0() - cost.c0()) / (2 * chunk);
    return new SteadyState(
        cost.millis(0, 0, 0),
        cost.a() + cost.delta() * context,
        Math.max(cost.a(), gamma) + cost.delta2() * promptTokens / 2);
  }

  /**
   * Load as a fraction of saturation.
   *
   * @param requestsPerSecond arrival rate
   */
  public double rho(double requestsPerSecond, double promptTokens, double outputTokens) {
    return requestsPerSecond * 1e-3 * (gamma * promptTokens + beta * outputTokens);
  }

  /**
   * Milliseconds per output token.
   *
   * @param rho load, 0 up to but not including 1
   */
  public double tpotMillis(double rho) {
    if (!(rho >= 0 && rho < 1)) {
      throw new IllegalArgumentException("rho must be in [0, 1), is " + rho);
    }
    return alpha / (1 - rho);
  }
}
