package io.weir.routing.pick;

import java.util.Optional;

/** What a picker sees of one engine. It must not change while a choice is made. */
public interface EngineView {
  String id();

  /**
   * {@link io.weir.routing.hash.Hashing#of(String)} of the id, kept by the engine since every
   * choice needs it.
   */
  long idHash();

  /** Share relative to the pool's other engines; 0 if it is to get nothing. */
  double weight();

  /** The caller's own requests running there now. */
  int inFlight();

  /** How many of the caller's requests may run there at once, as {@link Allotment#limit} says. */
  int limit();

  /** Why it must not be chosen whatever its load; empty if it may be. */
  Optional<ExclusionReason> exclusion();

  /** What work costs there; the same object until something about it changes. */
  default EngineCost cost() {
    return EngineCost.UNKNOWN;
  }

  /**
   * Requests running or waiting there now, by all dispatchers; {@link InFlightEstimate} gives it.
   */
  default double inFlightEstimate() {
    return inFlight();
  }

  /**
   * Uncached prompt tokens sent there whose answer has not begun, by all dispatchers: the caller's
   * own, times {@link InFlightEstimate#scale}.
   */
  default double pendingPromptTokens() {
    return 0;
  }
}
