package io.weir.dispatcher;

import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Why a request has no clean answer, and whether its client can repeat it without doing work twice:
 * where no engine has worked on it. What Weir itself tries again is in {@link
 * io.weir.routing.retry.Retryability}.
 */
enum FailureReason {
  /** No connection could be made. */
  ENGINE_UNREACHABLE(502, Work.NONE),
  /** It answered 429 or 503. */
  ENGINE_OVERLOADED(503, Work.NONE),
  /** It answered another 5xx. */
  ENGINE_ERROR(502, Work.STARTED),
  /** It answered 4xx: the request is wrong, and so it would be elsewhere. */
  ENGINE_REJECTED(400, Work.NONE),
  /** What it answered cannot be understood. */
  ENGINE_BAD_ANSWER(502, Work.STARTED),
  /** It took too long: to the first token, between two, or altogether. */
  ENGINE_TIMEOUT(502, Work.STARTED),
  /** The connection broke, or a stream ended before its end. */
  ENGINE_DIED(502, Work.STARTED),
  /** The request expired before an engine was free. */
  DEADLINE_EXCEEDED(504, Work.NONE),
  /** It has waited longer than its class is promised, before any engine had it. */
  QUEUE_DELAY(503, Work.NONE),
  /** Requests of class priority wait too long, and it stood back for them. */
  BROWN_OUT(503, Work.NONE),
  /** An engine worked on it, and a request of class priority needed the place. */
  PREEMPTED(503, Work.STARTED),
  /** No engine of its pool lies where its tenant's requests may go. */
  NO_ENGINE_IN_REGION(503, Work.NONE),
  /** The request expired while an engine worked on it, before anything of the answer came. */
  DEADLINE_PASSED(504, Work.STARTED),
  /** The dispatcher was stopped with the request in its ready queue. */
  DISPATCHER_STOPPED_BEFORE(503, Work.NONE),
  /** The dispatcher was stopped while an engine worked on the request. */
  DISPATCHER_STOPPED(503, Work.STARTED),
  /** Somebody who may wanted it to end, before an engine had it. */
  CANCELLED_BEFORE(499, Work.NONE),
  /** Somebody who may wanted it to end, while an engine worked on it. */
  CANCELLED(499, Work.STARTED),
  /** It was to be run again, and its record has been deleted. */
  ORIGINAL_LOST(502, Work.STARTED),
  /** An answer broke off elsewhere, and cannot be gone on with. */
  INTERRUPTED(502, Work.STARTED),
  /** A fault of Weir itself. */
  DISPATCHER_ERROR(500, Work.STARTED);

  private enum Work {
    NONE,
    STARTED
  }

  private final int status;
  private final Work work;

  FailureReason(int status, Work work) {
    this.status = status;
    this.work = work;
  }

  /** The stable word in events, answers and metrics. */
  String label() {
    return switch (this) {
      case DISPATCHER_STOPPED_BEFORE -> DISPATCHER_STOPPED.label();
      case DEADLINE_PASSED -> DEADLINE_EXCEEDED.label();
      case CANCELLED_BEFORE -> CANCELLED.label();
      default -> name().toLowerCase(Locale.ROOT);
    };
  }

  /** The terminal of a request that ends like this. */
  static LifecycleType terminal(Optional<Failure> failure) {
    if (failure.isEmpty()) {
      return LifecycleType.SUCCEEDED;
    }
    String reason = failure.get().getReason();
    if (reason.equals(CANCELLED.label())) {
      return LifecycleType.CANCELLED;
    }
    return reason.equals(DEADLINE_EXCEEDED.label()) ? LifecycleType.EXPIRED : LifecycleType.FAILED;
  }

  Failure failure(String message) {
    return failure(message, Optional.empty());
  }

  Failure failure(String message, Optional<Long> retryAfterMillis) {
    return failure(message, retryAfterMillis, status);
  }

  /** With the engine's own status. */
  Failure failure(String message, int engineStatus) {
    return failure(message, Optional.empty(), engineStatus);
  }

  private Failure failure(String message, Optional<Long> retryAfterMillis, int shownStatus) {
    return new Failure(
        label(),
        message,
        shownStatus,
        work == Work.NONE,
        work == Work.STARTED,
        retryAfterMillis.orElse(null),
        Map.of());
  }
}
