package io.weir.routing.replay;

import io.weir.schemas.EngineSample;
import java.util.List;

/** The weights that dispatchers hold, as they are now. */
interface PlannedWeights {
  /** Each engine's share of a source's traffic, summing to 1. */
  double[] shares(int source);

  /** Tells a dispatcher's engines what is planned for its source. */
  void apply(int source, List<EngineSeen> engines);

  /** A request arrived. */
  default void arrived(LiveRequest request, long now) {}

  /**
   * An answer is complete.
   *
   * @param cachedTokens of its prompt, as the engine reports them
   */
  default void finished(LiveRequest request, long now, int cachedTokens) {}

  /** Samples came, in the scenario's order of engines. */
  default void sampled(List<EngineSample> samples) {}

  /** Time to plan anew; says whether anything changed. */
  default boolean plan(long now) {
    return false;
  }
}
