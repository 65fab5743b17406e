package io.weir.routing.replay;

import io.weir.routing.config.Configs;
import io.weir.routing.engine.RequestShape;
import io.weir.routing.engine.SteadyState;
import io.weir.routing.order.EngineFill;
import io.weir.routing.order.InFlightLimit;
import io.weir.routing.order.LimitPolicy;

/** One engine as the dispatcher sees it: what it sent there and what came back. */
final class OverloadEngine {
  /** Of a fixed limit: that of 0.4 to 0.8 with which strict priority does best. */
  private static final double FIXED_HEADROOM = 0.4;

  final SimulatedEngine engine;
  private final SteadyState steady;
  private final EngineFill fill;
  private final EngineFill fixed;
  private final InFlightLimit adaptive;
  private int inFlight;
  private double pendingPrefill;
  private double gapNanos;
  private int gaps;
  private double tpotMillis;

  OverloadEngine(SimulatedEngine engine, RequestShape shape, double tpotMillis) {
    this.engine = engine;
    LimitPolicy policy = Configs.defaults(LimitPolicy.class);
    this.steady = SteadyState.of(engine.spec.profile(), shape);
    this.fill = EngineFill.of(engine.spec.profile(), shape, tpotMillis, policy);
    this.fixed =
        EngineFill.of(
            engine.spec.profile(),
            shape,
            tpotMillis,
            new LimitPolicy(
                FIXED_HEADROOM, policy.prefillIterations(), policy.smoothing(), policy.least()));
    this.adaptive =
        new InFlightLimit(policy, tpotMillis, fill.batch(), engine.spec.profile().maxNumSeqs());
    this.tpotMillis = steady.alpha();
  }

  boolean hasRoom(Discipline.Filling filling) {
    return switch (filling) {
      case PUSHED -> true;
      case LIMITED -> inFlight < fixed.batch();
      case PACED -> fill.hasRoom(inFlight, adaptive.limit(), pendingPrefill);
    };
  }

  /** The part of its batch in use. */
  double usage() {
    return inFlight / fill.batch();
  }

  /** Nanoseconds to the first token of a request sent now. */
  long firstToken(OverloadRequest request) {
    double prefill = pendingPrefill + request.live.trace.promptTokens();
    double chunks = Math.ceil(prefill / engine.spec.profile().maxNumBatchedTokens());
    double decoding = Math.max(steady.alpha(), tpotMillis);
    return Math.round((decoding * (1 + chunks) + steady.gamma() * prefill) * 1e6);
  }

  void sent(OverloadRequest request) {
    inFlight++;
    pendingPrefill += request.live.trace.promptTokens();
  }

  void first(LiveRequest request) {
    pendingPrefill -= request.trace.promptTokens();
  }

  void next(long gap) {
    gapNanos += gap;
    gaps++;
  }

  void finished() {
    inFlight--;
  }

  /** Takes what was measured since the last time. */
  void measure() {
    if (gaps >= 32) {
      tpotMillis = gapNanos / gaps * 1e-6;
      adaptive.measured(tpotMillis, inFlight);
      gapNanos = 0;
      gaps = 0;
    }
  }

  /** Milliseconds of its time that a request takes. */
  double workMillis(TraceRequest request) {
    return steady.workMillis(RequestShape.uncached(request.promptTokens(), request.outputTokens()));
  }
}
