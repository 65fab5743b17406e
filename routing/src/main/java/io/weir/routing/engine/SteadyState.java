package io.weir.routing.engine;

/**
 * An engine under steady load in closed form, for planning. With chunked prefill an iteration lasts
 * {@code tau = alpha + tau·lambda·(gamma·p + beta·o)}, so with {@code rho = lambda·(gamma·p +
 * beta·o)} the time per output token is {@code alpha / (1 − rho)}: the engine is a
 * processor-sharing queue. Valid while neither {@code max_num_seqs} nor the KV cache binds; see
 * {@link #saturationPerSecond} for where they do.
 *
 * @param alpha ms of an iteration without load
 * @param beta ms one decoded token adds
 * @param gamma ms one prefilled token adds
 */
public record SteadyState(double alpha, double beta, double gamma) {
  /** {@link #of(EngineProfile, RequestShape)} for requests that find nothing in the cache. */
  public static SteadyState of(EngineProfile profile, double promptTokens, double outputTokens) {
    return of(profile, RequestShape.uncached(promptTokens, outputTokens));
  }

  /**
   * The closed form of a profile for requests of a mean size, while decoding batches are
   * memory-bound, that is below {@code (t0 − c0)/(g − a)} sequences. A prefill chunk turns its
   * iteration from memory-bound to compute-bound: it pays g per token, less what the iteration
   * would have waited for memory anyway. That is {@code t0 − c0} for an empty batch and nothing for
   * one at the limit; half of it is taken here.
   */
  public static SteadyState of(EngineProfile profile, RequestShape shape) {
    IterationCost cost = profile.cost();
    double chunk = Math.min(shape.prefillTokens(), profile.maxNumBatchedTokens());
    double gamma = cost.g() - Math.max(0, cost.t0() - cost.c0()) / (2 * chunk);
    double prefillContext = shape.cachedTokens() + shape.prefillTokens() / 2;
    return new SteadyState(
        cost.millis(0, 0, 0),
        cost.a() + cost.delta() * shape.contextTokens(),
        Math.max(cost.a(), gamma) + cost.delta2() * prefillContext);
  }

  /** Ms of the engine's time that one request takes. */
  public double workMillis(RequestShape shape) {
    return gamma * shape.prefillTokens() + beta * shape.outputTokens();
  }

  /** Ms from a request's start to its end in an engine that has nothing else to do. */
  public double idleMillis(RequestShape shape) {
    return alpha * shape.outputTokens() + workMillis(shape);
  }

  /**
   * Load as a fraction of saturation.
   *
   * @param requestsPerSecond arrival rate
   */
  public double rho(double requestsPerSecond, double promptTokens, double outputTokens) {
    return requestsPerSecond * 1e-3 * workMillis(RequestShape.uncached(promptTokens, outputTokens));
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

  /**
   * Requests per second from which the queue grows without end. With at most B sequences in a
   * batch, by {@code max_num_seqs} or because the KV cache holds no more, {@code B = lambda·o·TPOT
   * = lambda·o·alpha / (1 − lambda·a)} gives {@code lambda = B / (o·alpha + B·a)}, a being the work
   * of a request: below {@code 1/a}, by much where answers are long. Where B sequences are enough
   * to make an iteration compute-bound, those beyond the limit cost that much more.
   *
   * @param profile that this is the closed form of
   * @param shape that this is the closed form for
   */
  public double saturationPerSecond(EngineProfile profile, RequestShape shape) {
    IterationCost cost = profile.cost();
    double batch =
        Math.min(profile.maxNumSeqs(), Math.max(1, profile.kvTokens() / shape.contextTokens()));
    double arithmetic =
        Math.max(0, cost.c0() + cost.g() * batch - cost.t0() - cost.a() * batch) / batch;
    double work = workMillis(shape) + arithmetic * shape.outputTokens();
    return 1e3 * batch / (shape.outputTokens() * alpha + batch * work);
  }
}
