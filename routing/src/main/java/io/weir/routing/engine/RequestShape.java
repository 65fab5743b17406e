package io.weir.routing.engine;

/**
 * The mean request of some demand.
 *
 * @param promptTokens whole prompt; at least 1
 * @param cachedTokens part of the prompt found in the prefix cache; at least one token is not
 * @param outputTokens answer; at least 1
 */
public record RequestShape(double promptTokens, double cachedTokens, double outputTokens) {
  public RequestShape {
    if (!(promptTokens >= 1 && outputTokens >= 1 && cachedTokens >= 0)) {
      throw new IllegalArgumentException(
          "a request has at least a token of prompt and of answer, not "
              + promptTokens
              + " and "
              + outputTokens
              + " with "
              + cachedTokens
              + " cached");
    }
    cachedTokens = Math.min(cachedTokens, promptTokens - 1);
  }

  /** A request that finds nothing in the cache. */
  public static RequestShape uncached(double promptTokens, double outputTokens) {
    return new RequestShape(promptTokens, 0, outputTokens);
  }

  /** Tokens to prefill; at least 1. */
  public double prefillTokens() {
    return promptTokens - cachedTokens;
  }

  /** Mean length of its context while it decodes, which is also what it holds of the KV cache. */
  public double contextTokens() {
    return promptTokens + outputTokens / 2;
  }
}
