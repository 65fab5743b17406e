package io.weir.dispatcher;

import io.weir.schemas.InferenceRequest;

/** A record of a lane, as far as it could be read. */
sealed interface LaneRecord {
  /** A request. */
  record Request(InferenceRequest request) implements LaneRecord {}

  /** Not a request, and it never will be. */
  record Poison(String problem) implements LaneRecord {}

  /** It may be one, but its schema cannot be had now. */
  record Unreadable(String problem) implements LaneRecord {}
}
