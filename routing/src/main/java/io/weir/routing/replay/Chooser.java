package io.weir.routing.replay;

import java.util.List;

/** One dispatcher's choice of engines under some policy. */
interface Chooser {
  /** No engine may be used now. */
  int NONE = -1;

  /**
   * The index of an engine below its limit, or {@link #NONE}.
   *
   * @param engines in the scenario's order
   * @param seed of the random draws
   */
  int choose(LiveRequest request, List<EngineSeen> engines, long now, long seed);

  /** The request went to the engine chosen. */
  default void dispatched(LiveRequest request, long now) {}

  /** Its first token came. */
  default void first(LiveRequest request, long now) {}

  /** Its last token came. */
  default void finished(LiveRequest request, long now) {}

  /** New samples or weights came. */
  default void refreshed(List<EngineSeen> engines, long now) {}
}
