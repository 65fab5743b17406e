package io.weir.dispatcher;

import io.weir.routing.order.LimitPolicy;
import io.weir.routing.pick.EngineCost;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The limits of a pool's engines. Guarded by the pool's lock. */
final class EngineLimits {
  private final LimitPolicy policy;
  private final double targetMillis;
  private final Map<EngineSlots, Limited> limits = new HashMap<>();

  /** A limit, and what it was made for. */
  private record Limited(EngineTerms terms, EngineLimit limit) {
    boolean isFor(EngineTerms now) {
      return terms.maxInFlight() == now.maxInFlight() && terms.profile().equals(now.profile());
    }
  }

  /**
   * For engines nobody has seen at work.
   *
   * @param tpot target time per output token
   */
  EngineLimits(LimitPolicy policy, Duration tpot) {
    this.policy = policy;
    this.targetMillis = tpot.toNanos() / 1e6;
  }

  /** Forgets the engines that are not there any more. */
  void keep(List<EngineSlots> engines) {
    limits.keySet().retainAll(engines);
  }

  /**
   * Takes in what was seen of an engine since the last time, and says what it may have.
   *
   * @param tpotMillis time per output token; NaN if none was measured
   */
  EngineLimit review(EngineSlots engine, double tpotMillis, EngineCost cost) {
    EngineTerms terms = engine.terms();
    Limited limited = limits.get(engine);
    if (limited == null || !limited.isFor(terms)) {
      limited =
          new Limited(
              terms, new EngineLimit(policy, targetMillis, terms.profile(), terms.maxInFlight()));
      limits.put(engine, limited);
    }
    int inFlight = Math.max((int) Math.round(engine.inFlightEstimate()), engine.takePeak());
    if (inFlight > 0) {
      limited.limit().measured(tpotMillis, cost, inFlight);
    }
    return limited.limit();
  }
}
