package io.weir.routing.cost;

/**
 * What a request takes of an engine, in tokens of prompt.
 *
 * @param promptTokens tokens to prefill, those that an engine has cached left out
 * @param outputTokens tokens of answer, expected or known
 * @param outputRatio tokens of prompt that take as long as one of answer
 */
public record RequestCost(double promptTokens, double outputTokens, double outputRatio) {
  public RequestCost {
    if (!(promptTokens >= 0 && outputTokens >= 0 && outputRatio > 0)) {
      throw new IllegalArgumentException(
          "a cost is not negative: "
              + promptTokens
              + " of prompt, "
              + outputTokens
              + " of answer at "
              + outputRatio);
    }
  }

  public double tokens() {
    return promptTokens + outputRatio * outputTokens;
  }

  /**
   * What is still to be charged once the real numbers are known; negative for what is to be given
   * back.
   */
  public double correction(double realPromptTokens, double realOutputTokens) {
    return new RequestCost(realPromptTokens, realOutputTokens, outputRatio).tokens() - tokens();
  }
}
