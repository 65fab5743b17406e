package io.weir.routing.order;

import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.IterationCost;
import io.weir.routing.engine.RequestShape;
import io.weir.routing.engine.SteadyState;

/**
 * How full an engine's model says it may be for a time per output token.
 *
 * @param batch requests in flight at which the predicted time per output token is the target less
 *     its headroom; at most {@code max_num_seqs}
 * @param prefillTokens prompt tokens without a first token that the engine may have
 */
public record EngineFill(double batch, double prefillTokens) {
  /** Fewer prompt tokens than this at a time make no better pace. */
  private static final double LEAST_PREFILL = 256;

  /**
   * The batch follows from {@code TPOT = alpha / (1 − rho)} and Little's law: at the target T the
   * load is {@code 1 − alpha/T} of saturation, and {@code lambda·o·T} requests are in flight. The
   * prompt tokens are those whose iteration, beside that batch, lasts as long as the target, times
   * the iterations that the policy gives.
   *
   * @param tpotMillis the target
   */
  public static EngineFill of(
      EngineProfile profile, RequestShape shape, double tpotMillis, LimitPolicy policy) {
    double pace = tpotMillis * policy.headroom();
    SteadyState steady = SteadyState.of(profile, shape);
    double load = Math.max(0, 1 - steady.alpha() / pace);
    double perMilli = load / steady.workMillis(shape);
    double batch =
        Math.max(1, Math.min(profile.maxNumSeqs(), perMilli * shape.outputTokens() * pace));
    IterationCost cost = profile.cost();
    double decoding = cost.c0() + cost.overhead() + cost.delta() * batch * shape.contextTokens();
    double room = (tpotMillis - decoding) / cost.g() - batch;
    double prefill = Math.min(profile.maxNumBatchedTokens(), Math.max(LEAST_PREFILL, room));
    return new EngineFill(batch, prefill * policy.prefillIterations());
  }

  /**
   * Whether one more request may go there now, that is at the last moment at which the engine has
   * use for it: nothing waits inside an engine but what its next iterations take.
   *
   * @param inFlight requests there
   * @param limit of those, from {@link InFlightLimit}
   * @param pendingPrefill prompt tokens of requests there without a first token
   */
  public boolean hasRoom(int inFlight, int limit, double pendingPrefill) {
    return inFlight < limit && pendingPrefill < prefillTokens;
  }
}
