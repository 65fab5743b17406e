package io.weir.routing.pick;

import java.util.List;
import java.util.Map;

/**
 * One policy: gives each eligible engine a score, of which the lowest wins. An instance belongs to
 * one pool and may keep state between choices; it is not safe for use by several threads.
 */
interface Scoring {
  /** A score that takes an engine out of the draw without ruling it out. */
  double NOT_DRAWN = Double.POSITIVE_INFINITY;

  /** A score that says the engine has more than its share of the load. */
  double OVER_BOUND = Double.NaN;

  /**
   * Fills {@code scores[i]} for each eligible {@code engines.get(i)}; entries of others are to be
   * left alone.
   *
   * @param engines all engines of the pool
   * @param eligible which of them may be chosen; at least one
   * @param affinity hash of the request's affinity key
   * @param seed of the random draws
   */
  void score(
      List<? extends EngineView> engines,
      boolean[] eligible,
      long affinity,
      long seed,
      double[] scores);

  /** Tells that the engine at an index was chosen. */
  default void chosen(List<? extends EngineView> engines, int index) {}

  /** The terms of an engine's last score by name, for its candidate entry. */
  default Map<String, Double> parts(List<? extends EngineView> engines, int index) {
    return Map.of();
  }
}
