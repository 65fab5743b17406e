package io.weir.routing.order;

import io.weir.schemas.RequestClass;

/** A waiting request, as the order sees it. Nothing of it may change while it waits. */
public interface Orderable {
  RequestClass requestClass();

  String tenant();

  /** Its cost, in tokens; positive. */
  double costTokens();

  /** When it began to wait, in nanoseconds on the caller's clock. */
  long enqueuedNanos();

  /** When its first token is of no more use, in nanoseconds on the same clock. */
  long deadlineNanos();
}
