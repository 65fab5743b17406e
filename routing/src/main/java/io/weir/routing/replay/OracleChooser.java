package io.weir.routing.replay;

import io.weir.routing.engine.EngineSignals;
import io.weir.routing.engine.IterationCost;
import java.util.List;

/**
 * Knows every engine's queue as it is now and how long the answer will be, and takes the engine
 * that would finish the request first. Greedy, so not a bound on what is possible.
 */
final class OracleChooser implements Chooser {
  private final List<SimulatedEngine> truth;
  private final KnownPrefixes prefixes;

  OracleChooser(List<SimulatedEngine> truth, List<ReplayEngine> engines) {
    this.truth = truth;
    this.prefixes = new KnownPrefixes(engines);
  }

  @Override
  public int choose(LiveRequest request, List<EngineSeen> engines, long now, long seed) {
    int best = NONE;
    double least = 0;
    for (EngineSeen engine : engines) {
      double millis = millis(request.trace, truth.get(engine.index));
      if (!engine.full() && (best == NONE || millis < least)) {
        best = engine.index;
        least = millis;
      }
    }
    return best;
  }

  private double millis(TraceRequest request, SimulatedEngine engine) {
    IterationCost cost = engine.spec.profile().cost();
    EngineSignals signals = engine.signals();
    int known =
        prefixes.known(engine.index, request.blockHashes()) * engine.spec.profile().blockSize();
    double prefill = cost.g() * (engine.prefillBacklog() + request.promptTokens() - known);
    double context = signals.kvUsage() * engine.spec.profile().kvTokens();
    return prefill + request.outputTokens() * cost.millis(signals.running() + 1, context, 0);
  }

  @Override
  public void dispatched(LiveRequest request, long now) {
    prefixes.sent(request.engine, request.trace.blockHashes());
  }
}
