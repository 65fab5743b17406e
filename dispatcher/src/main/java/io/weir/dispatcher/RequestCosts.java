package io.weir.dispatcher;

import io.weir.routing.cost.CostPolicy;
import io.weir.routing.cost.OutputExpectation;
import io.weir.routing.cost.RequestCost;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.TokenUsage;
import java.util.OptionalInt;

/** What a pool's requests cost: expected before they run, known afterwards. Not thread-safe. */
final class RequestCosts {
  private final double outputRatio;
  private final OutputExpectation outputs;

  RequestCosts(CostPolicy policy) {
    this.outputRatio = policy.outputRatio();
    this.outputs = new OutputExpectation(policy);
  }

  /**
   * Tokens a request can be expected to cost; by its ingress's word while nothing was seen here.
   */
  double expected(InferenceRequest request) {
    double output =
        outputs.tokens(
            request.getTenant(),
            request.getModel(),
            limit(request),
            Math.max(1, request.getOutputTokens()));
    return Math.max(1, cost(Math.max(0, request.getPromptTokens()), output));
  }

  /** Tokens a request did cost; what an engine had cached costs nothing. */
  double real(TokenUsage usage) {
    int cached = usage.getCachedPromptTokens().orElse(0);
    return cost(
        Math.max(0, usage.getPromptTokens() - cached), Math.max(0, usage.getCompletionTokens()));
  }

  /** Learns from a whole answer. */
  void answered(InferenceRequest request, TokenUsage usage) {
    if (usage.getCompletionTokens() > 0) {
      outputs.ended(
          request.getTenant(), request.getModel(), limit(request), usage.getCompletionTokens());
    }
  }

  private double cost(double prompt, double output) {
    return new RequestCost(prompt, output, outputRatio).tokens();
  }

  private static OptionalInt limit(InferenceRequest request) {
    return request.getOutputLimit().map(OptionalInt::of).orElse(OptionalInt.empty());
  }
}
