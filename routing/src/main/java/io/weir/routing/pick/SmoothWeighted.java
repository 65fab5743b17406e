package io.weir.routing.pick;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Smooth weighted round-robin as nginx does it: every eligible engine's credit grows by its weight,
 * the highest is chosen and pays the sum of the weights. Shares are exact over a cycle, and the
 * turns of a heavy engine are spread over it.
 */
final class SmoothWeighted implements Scoring {
  private final Map<String, Double> credits = new HashMap<>();
  private double total;

  @Override
  public void score(
      List<? extends EngineView> engines,
      boolean[] eligible,
      long affinity,
      long seed,
      double[] scores) {
    if (credits.size() > 2 * engines.size()) {
      // Engines that left the pool must not be remembered for ever.
      credits.keySet().retainAll(engines.stream().map(EngineView::id).toList());
    }
    total = 0;
    for (int i = 0; i < engines.size(); i++) {
      if (eligible[i]) {
        double weight = engines.get(i).weight();
        total += weight;
        scores[i] = -credits.merge(engines.get(i).id(), weight, Double::sum);
      }
    }
  }

  @Override
  public void chosen(List<? extends EngineView> engines, int index) {
    credits.merge(engines.get(index).id(), -total, Double::sum);
  }
}
