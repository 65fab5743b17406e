package io.weir.routing.pick;

import java.util.List;

/** Fewest requests in flight per weight. */
final class LeastLoaded implements Scoring {
  static double load(EngineView engine) {
    return engine.inFlight() / engine.weight();
  }

  @Override
  public void score(
      List<? extends EngineView> engines,
      boolean[] eligible,
      long affinity,
      long seed,
      double[] scores) {
    for (int i = 0; i < engines.size(); i++) {
      if (eligible[i]) {
        scores[i] = load(engines.get(i));
      }
    }
  }
}
