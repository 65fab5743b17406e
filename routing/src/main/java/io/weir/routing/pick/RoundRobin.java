package io.weir.routing.pick;

import java.util.List;

/** Each eligible engine in turn: the score is the distance from the one chosen last. */
final class RoundRobin implements Scoring {
  private int last = -1;

  @Override
  public void score(
      List<? extends EngineView> engines,
      boolean[] eligible,
      long affinity,
      long seed,
      double[] scores) {
    int count = engines.size();
    for (int i = 0; i < count; i++) {
      if (eligible[i]) {
        scores[i] = Math.floorMod(i - last - 1, count);
      }
    }
  }

  @Override
  public void chosen(List<? extends EngineView> engines, int index) {
    last = index;
  }
}
