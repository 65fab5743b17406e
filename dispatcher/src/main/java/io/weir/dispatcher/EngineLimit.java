package io.weir.dispatcher;

import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.RequestShape;
import io.weir.routing.order.EngineFill;
import io.weir.routing.order.InFlightLimit;
import io.weir.routing.order.LimitPolicy;
import io.weir.routing.pick.EngineCost;
import java.util.Optional;

/**
 * How much one engine may have, so that nothing waits inside it and its pace stays within the
 * target: it begins with what the engine's model says and follows what is measured. Guarded by the
 * pool's lock.
 */
final class EngineLimit {
  /** The pace at which an engine is about half loaded, in times of its pace without load. */
  private static final double HALF_LOADED = 2;

  /** Below this part of the model's time per token an engine is not what it is said to be. */
  private static final double FAR_FASTER = 0.5;

  private final double targetMillis;
  private final Optional<EngineFill> fill;
  private final InFlightLimit limit;
  private boolean paced;

  /**
   * One of which nothing was measured.
   *
   * @param targetMillis time per output token
   * @param most its {@code max-in-flight}, where it begins if nothing is known of it
   */
  EngineLimit(LimitPolicy policy, double targetMillis, Optional<EngineProfile> profile, int most) {
    this.targetMillis = targetMillis;
    this.fill =
        profile.map(
            each ->
                EngineFill.of(
                    each,
                    RequestShape.uncached(Standings.PROMPT_TOKENS, Standings.OUTPUT_TOKENS),
                    targetMillis,
                    policy));
    this.limit =
        new InFlightLimit(
            policy, targetMillis, fill.map(EngineFill::batch).orElse(most + 0.0), most);
  }

  /**
   * Takes in what was seen of late.
   *
   * @param tpotMillis time per output token; NaN if none was measured, which holds nobody back: an
   *     engine that is full then gets more until something is
   * @param cost what it is thought to be, its slowdown included
   * @param inFlight most requests there meanwhile
   */
  void measured(double tpotMillis, EngineCost cost, int inFlight) {
    boolean known = tpotMillis > 0;
    paced = known && tpotMillis >= FAR_FASTER * cost.modelTpotMillis(inFlight);
    // Who cannot keep to the target at any load is not made faster by an empty batch.
    double reachable = Math.max(targetMillis, HALF_LOADED * cost.alphaMillis() * cost.slowdown());
    limit.measured(known ? tpotMillis * targetMillis / reachable : targetMillis / 2, inFlight);
  }

  /** Most requests in flight there, from all dispatchers. */
  int requests() {
    return limit.limit();
  }

  /**
   * Most prompt tokens there without a first token before one more request; infinite while it was
   * not seen to be about as fast as its model.
   */
  double prefillTokens() {
    return paced && fill.isPresent() ? fill.get().prefillTokens() : Double.POSITIVE_INFINITY;
  }
}
