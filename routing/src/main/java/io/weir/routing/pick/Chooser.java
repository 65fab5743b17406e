package io.weir.routing.pick;

import java.util.List;

/** Chooses an engine of one pool. */
interface Chooser {
  <E extends EngineView> PickResult<E> pick(List<E> engines, PickRequest request, long seed);

  /** Prompt tokens that an engine is thought to have to compute. */
  default <E extends EngineView> int uncachedTokens(
      List<E> engines, E engine, PickRequest request) {
    return request.promptTokens();
  }

  /** Forgets what an engine's cache was thought to hold. */
  default void cacheLost(EngineView engine) {}
}
