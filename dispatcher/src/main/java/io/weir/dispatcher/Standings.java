package io.weir.dispatcher;

import io.weir.routing.engine.EngineProfile;
import io.weir.routing.pick.Allotment;
import io.weir.routing.pick.EngineCost;
import io.weir.schemas.EngineWeight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Works out how each engine of a pool stands: by the weights where there are any, else by the
 * configured ones; by this dispatcher's share of the work; and by how fast the engine was seen to
 * be. Guarded by the pool's lock.
 */
final class Standings {
  /** A mean request, until a table's closed form tells of the pool's own. */
  static final double PROMPT_TOKENS = 1000;

  static final double OUTPUT_TOKENS = 250;

  /** A table gives an engine with weight at least this much of a place. */
  private static final double LEAST_ALLOTMENT = 1e-3;

  private final PoolWeights weights;
  private final EngineLimits limits;
  private final LongSupplier nanoClock;
  private final Map<EngineProfile, EngineCost> profileCosts = new HashMap<>();
  private Share share = Share.ALONE;

  Standings(PoolWeights weights, EngineLimits limits, LongSupplier nanoClock) {
    this.weights = weights;
    this.limits = limits;
    this.nanoClock = nanoClock;
  }

  void share(Share now) {
    share = now;
  }

  /** Under which weights engines are chosen now. */
  WeightsMark mark() {
    return weights.mark();
  }

  /** Gives every engine its standing. */
  void review(List<EngineSlots> engines) {
    weights.review(engines);
    double mean = engines.stream().mapToDouble(each -> each.terms().weight()).average().orElse(1);
    // A table that leaves no engine which can be used is worse than none.
    boolean planned =
        engines.stream().anyMatch(each -> each.isEligible() && weight(each, mean) > 0);
    profileCosts.keySet().retainAll(profiles(engines));
    limits.keep(engines);
    for (EngineSlots engine : engines) {
      double relative = engine.terms().weight() / mean;
      EngineStanding standing = planned ? planned(engine, relative) : unplanned(engine, relative);
      if (!standing.equals(engine.standing())) {
        engine.standing(standing);
      }
    }
  }

  private double weight(EngineSlots engine, double mean) {
    return weights.weight(engine.id(), engine.terms().weight() / mean);
  }

  private EngineStanding planned(EngineSlots engine, double relative) {
    double weight = weights.weight(engine.id(), relative);
    Optional<EngineWeight> plan = weights.plan(engine.id());
    EngineCost base = base(engine, relative);
    EngineCost cost =
        plan.isPresent() && weights.mark().version().isPresent()
            ? base.planned(plan.get(), weights.mark().version().get())
            : base;
    double allotment = plan.map(EngineWeight::getAllotment).orElse(0.0);
    return standing(engine, weight, cost, weight > 0 ? Math.max(allotment, LEAST_ALLOTMENT) : 0);
  }

  private EngineStanding unplanned(EngineSlots engine, double relative) {
    return standing(
        engine, engine.terms().weight(), base(engine, relative), engine.terms().maxInFlight());
  }

  private EngineStanding standing(
      EngineSlots engine, double weight, EngineCost cost, double places) {
    double millis = tpotMillis(engine);
    EngineCost seen =
        cost.withSlowdown(engine.slowdown(millis, cost.modelTpotMillis(engine.inFlightEstimate())));
    EngineLimit limit = limits.review(engine, millis, seen);
    return new EngineStanding(
        weight,
        seen,
        Allotment.part(Math.min(places, limit.requests()), share.part()),
        share.dispatchers(),
        limit.requests(),
        limit.prefillTokens());
  }

  private EngineCost base(EngineSlots engine, double relative) {
    return engine
        .terms()
        .profile()
        .map(
            profile ->
                profileCosts.computeIfAbsent(
                    profile, each -> EngineCost.of(each, PROMPT_TOKENS, OUTPUT_TOKENS)))
        .orElseGet(() -> EngineCost.guess(relative));
  }

  /** Own streams tell soonest, the engine's own word where there are none. */
  private double tpotMillis(EngineSlots engine) {
    long now = nanoClock.getAsLong();
    double millis = engine.tpot().millis(now);
    if (Double.isNaN(millis)) {
      millis = engine.telemetry().tpotMillis(now).orElse(Double.NaN);
    }
    return millis;
  }

  private static List<EngineProfile> profiles(List<EngineSlots> engines) {
    return engines.stream().flatMap(each -> each.terms().profile().stream()).distinct().toList();
  }
}
