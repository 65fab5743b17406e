package io.weir.routing.pick;

import java.util.List;

/** Chooses an engine of one pool. */
interface Chooser {
  <E extends EngineView> PickResult<E> pick(List<E> engines, PickRequest request, long seed);

  /** Forgets what an engine's cache was thought to hold. */
  default void cacheLost(EngineView engine) {}
}
