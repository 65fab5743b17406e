package io.weir.routing.protocol;

import java.util.function.Consumer;

/**
 * Something that may happen next.
 *
 * @param name for traces
 * @param kind whether it is meant to happen
 * @param effect on a copy of the world
 */
record Move(String name, Kind kind, Consumer<World> effect) {
  /** Progress happens sooner or later; a fault may, or may not. */
  enum Kind {
    PROGRESS,
    FAULT
  }

  static Move progress(String name, Consumer<World> effect) {
    return new Move(name, Kind.PROGRESS, effect);
  }

  static Move fault(String name, Consumer<World> effect) {
    return new Move(name, Kind.FAULT, effect);
  }
}
