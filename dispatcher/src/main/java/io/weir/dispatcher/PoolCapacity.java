package io.weir.dispatcher;

import io.weir.routing.cost.CostPolicy;
import io.weir.routing.cost.RequestCost;
import io.weir.routing.pick.EngineCost;
import java.util.List;

/** What a pool's engines get through by their models, until it is seen. */
final class PoolCapacity {
  private PoolCapacity() {}

  /**
   * Tokens per second of all engines that are up, each with as many mean requests as it may have.
   *
   * @param ratio tokens of prompt that take as long as one of answer
   */
  static double tokensPerSecond(List<EngineSlots> engines, CostPolicy ratio) {
    RequestCost mean =
        new RequestCost(Standings.PROMPT_TOKENS, Standings.OUTPUT_TOKENS, ratio.outputRatio());
    double perSecond = 0;
    for (EngineSlots engine : engines) {
      if (engine.isUp()) {
        perSecond += requestsPerSecond(engine.terms()) * mean.tokens();
      }
    }
    return perSecond;
  }

  private static double requestsPerSecond(EngineTerms terms) {
    EngineCost cost =
        terms
            .profile()
            .map(
                profile -> EngineCost.of(profile, Standings.PROMPT_TOKENS, Standings.OUTPUT_TOKENS))
            .orElse(EngineCost.UNKNOWN);
    int batch = Math.min(terms.maxInFlight(), cost.maxSequences());
    return 1e3 * batch / (Standings.OUTPUT_TOKENS * cost.modelTpotMillis(batch));
  }
}
