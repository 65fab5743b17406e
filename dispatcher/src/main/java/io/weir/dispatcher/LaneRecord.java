package io.weir.dispatcher;

import io.weir.schemas.InferenceRequest;
import io.weir.schemas.Requeue;

/** A record of a lane, as far as it could be read. */
sealed interface LaneRecord {
  /** A request. */
  record Request(InferenceRequest request) implements LaneRecord {}

  /** A request that is to be run again; it lies elsewhere. */
  record Again(Requeue requeue) implements LaneRecord {}

  /** Neither, and it never will be. */
  record Poison(String problem) implements LaneRecord {}

  /** It may be one, but its schema cannot be had now. */
  record Unreadable(String problem) implements LaneRecord {}
}
