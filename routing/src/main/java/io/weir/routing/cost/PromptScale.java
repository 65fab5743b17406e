package io.weir.routing.cost;

/**
 * By how much one model's prompts have more tokens than a fixed number of bytes each lets expect:
 * the engines' counts in sum over the estimates in sum, the older ones fading. Begins with as much
 * weight on no difference as a few requests have. Not safe for use by several threads.
 */
public final class PromptScale {
  /** Of about the last five hundred requests. */
  private static final double KEPT = 0.998;

  private static final double FIRST_TOKENS = 500;

  /** Further off is a fault of one side or the other. */
  private static final double LARGEST = 8;

  private double estimated = FIRST_TOKENS;
  private double counted = FIRST_TOKENS;

  /** An engine has counted a prompt's tokens. */
  public void counted(int estimatedTokens, int countedTokens) {
    estimated = estimated * KEPT + estimatedTokens;
    counted = counted * KEPT + countedTokens;
  }

  /** What to multiply an estimate with. */
  public double factor() {
    return Math.max(1 / LARGEST, Math.min(LARGEST, counted / Math.max(1, estimated)));
  }

  /** How many tokens a prompt is taken to have; at least 1 unless the estimate is 0. */
  public int tokens(int estimatedTokens) {
    return estimatedTokens == 0
        ? 0
        : (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(estimatedTokens * factor())));
  }
}
