package io.weir.ingress.admission;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.weir.routing.cost.CostPolicy;
import io.weir.routing.cost.OutputExpectation;
import io.weir.routing.cost.PromptScale;
import io.weir.routing.cost.RequestCost;
import io.weir.schemas.TokenUsage;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** What requests are expected to take, learned from the answers that came back here. */
final class TokenEstimates {
  private final CostPolicy policy;
  private final OutputExpectation outputs;
  // As many as there are models: others are refused before anything is estimated.
  private final Map<String, PromptScale> prompts = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final DistributionSummary error;

  TokenEstimates(CostPolicy policy, MeterRegistry metrics) {
    this.policy = policy;
    this.outputs = new OutputExpectation(policy);
    this.error =
        DistributionSummary.builder("weir.ingress.prompt.estimate.error")
            .description("Prompt tokens as estimated, in parts of those that the engine counted")
            .serviceLevelObjectives(0.25, 0.5, 0.8, 0.9, 1, 1.1, 1.25, 2, 4)
            .register(metrics);
  }

  /**
   * What one request is expected to take.
   *
   * @param promptTokens tokens of its prompt
   * @param outputTokens tokens of its answer
   */
  record Estimate(int promptTokens, int outputTokens) {}

  Estimate of(Arrival arrival) {
    lock.lock();
    try {
      PromptScale scale = prompts.get(arrival.model());
      int prompt = scale == null ? arrival.scannedTokens() : scale.tokens(arrival.scannedTokens());
      double output =
          arrival.generates()
              ? outputs.tokens(arrival.tenant(), arrival.model(), arrival.outputLimit())
              : 0;
      return new Estimate(prompt, (int) Math.ceil(output));
    } finally {
      lock.unlock();
    }
  }

  /** In tokens of prompt. */
  double cost(Estimate estimate) {
    return new RequestCost(estimate.promptTokens(), estimate.outputTokens(), policy.outputRatio())
        .tokens();
  }

  /** A request was served and used this. */
  void served(Arrival arrival, Estimate estimate, TokenUsage usage) {
    boolean counted = !usage.getEstimated() && usage.getPromptTokens() > 0;
    if (counted) {
      error.record((double) estimate.promptTokens() / usage.getPromptTokens());
    }
    lock.lock();
    try {
      if (counted) {
        prompts
            .computeIfAbsent(arrival.model(), absent -> new PromptScale())
            .counted(arrival.scannedTokens(), usage.getPromptTokens());
      }
      if (arrival.generates()) {
        outputs.ended(
            arrival.tenant(), arrival.model(), arrival.outputLimit(), usage.getCompletionTokens());
      }
    } finally {
      lock.unlock();
    }
  }
}
