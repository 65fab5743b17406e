package io.weir.routing.replay;

import java.util.Arrays;

/**
 * What an engine's probe handler can say of the next time to first token: the tokens that wait for
 * their prefill now × the median time that recent requests took for each token that waited when
 * they came, their own included. Prequal's servers tell the median latency at the present load
 * (Wydrowski et al., NSDI 2024); waiting tokens stand for the load here, since prompts differ by
 * orders of magnitude.
 */
final class FirstTokenTimes {
  private static final int KEPT = 32;

  private final double[] nanosPerToken = new double[KEPT];
  private double meanPrompt;
  private int count;

  /**
   * A first token was made.
   *
   * @param backlogTokens what waited when the request came, its own prompt included
   */
  void first(LiveRequest request, long backlogTokens, long now) {
    int prompt = request.trace.promptTokens();
    meanPrompt += (prompt - meanPrompt) / Math.min(count + 1, KEPT);
    nanosPerToken[count++ % KEPT] = (double) (now - request.submitted) / backlogTokens;
  }

  /** Expected nanoseconds for a request of mean length; 0 before anything was measured. */
  double expected(long backlogTokens) {
    int size = Math.min(count, KEPT);
    if (size == 0) {
      return 0;
    }
    double[] sorted = Arrays.copyOf(nanosPerToken, size);
    Arrays.sort(sorted);
    return sorted[size / 2] * (backlogTokens + meanPrompt);
  }
}
