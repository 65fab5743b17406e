package io.weir.routing.pick;

import java.util.Optional;

/** What a picker sees of one engine. It must not change while a choice is made. */
public interface EngineView {
  String id();

  /** {@link Hashing#of(String)} of the id, kept by the engine since every choice needs it. */
  long idHash();

  /** Share relative to the pool's other engines; positive. */
  double weight();

  /** Requests running there now. */
  int inFlight();

  /** How many requests may run there at once; at least 1. */
  int limit();

  /** Why it must not be chosen whatever its load; empty if it may be. */
  Optional<ExclusionReason> exclusion();
}
