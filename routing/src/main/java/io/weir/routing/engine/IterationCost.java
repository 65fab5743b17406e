package io.weir.routing.engine;

/**
 * Time of one iteration of continuous batching, in milliseconds, as a function of its batch:
 *
 * <pre>max(t0 + a·n, c0 + g·n) + delta·decodeContext + delta2·prefillWork + overhead</pre>
 *
 * n is the number of tokens computed (decoding sequences plus prefill tokens). The first branch is
 * bound by reading the weights, the second by arithmetic.
 *
 * @param t0 ms of a memory-bound iteration before its tokens
 * @param a ms per token while memory-bound
 * @param c0 ms of a compute-bound iteration before its tokens
 * @param g ms per token while compute-bound
 * @param delta ms per token of context of the decoding sequences (reading their KV cache)
 * @param delta2 ms per pair of prefill token and token of its context (attention of prefill)
 * @param overhead ms for scheduling, sampling and communication
 */
public record IterationCost(
    double t0, double a, double c0, double g, double delta, double delta2, double overhead) {
  public IterationCost {
    if (!(t0 >= 0
        && a >= 0
        && c0 >= 0
        && g >= 0
        && delta >= 0
        && delta2 >= 0
        && overhead >= 0
        && t0 + overhead > 0)) {
      throw new IllegalArgumentException(
          "iteration costs must not be negative, and t0 + overhead must be positive");
    }
  }

  /**
   * The time of an iteration.
   *
   * @param tokens tokens computed in the iteration
   * @param decodeContext sum of the context lengths of the decoding sequences
   * @param prefillWork sum over prefill chunks of tokens × mean context
   * @return milliseconds
   */
  public double millis(double tokens, double decodeContext, double prefillWork) {
    return Math.max(t0 + a * tokens, c0 + g * tokens)
        + delta * decodeContext
        + delta2 * prefillWork
        + overhead;
  }

  /** Every per-token and per-iteration term of the layers' arithmetic times a factor. */
  IterationCost scaled(double factor) {
    return new IterationCost(
        t0 * factor, a * factor, c0 * factor, g * factor, delta, delta2, overhead);
  }
}
