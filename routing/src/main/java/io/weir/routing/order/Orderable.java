package io.weir.routing.order;

import io.weir.schemas.RequestClass;

/**
 * A waiting request, as the order sees it. Nothing of it may change while it waits. Times are in
 * nanoseconds on one clock of the caller's.
 */
public interface Orderable {
  RequestClass requestClass();

  String tenant();

  /** Its cost, in tokens; positive. */
  double costTokens();

  /** When it began to wait. */
  long enqueuedNanos();

  /** By which it stands among its tenant's requests, the earliest first. */
  long deadlineNanos();

  /**
   * After which it is not worth beginning any more, however fast the engine; {@link Long#MAX_VALUE}
   * for one that waits until it expires, which is never thinned out either.
   */
  default long startByNanos() {
    return deadlineNanos();
  }

  /** By which its first token must have come. */
  default long expiresNanos() {
    return deadlineNanos();
  }
}
