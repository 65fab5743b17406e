package io.weir.dispatcher;

import io.weir.schemas.Failure;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a request has no clean answer. What may be tried again is decided here and nowhere else: a
 * reason under which no engine has worked on the request.
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
  /** The dispatcher was stopped with the request in its ready queue. */
  DISPATCHER_STOPPED_BEFORE(503, Work.NONE),
  /** The dispatcher was stopped while an engine worked on the request. */
  DISPATCHER_STOPPED(503, Work.STARTED),
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
    return this == DISPATCHER_STOPPED_BEFORE
        ? DISPATCHER_STOPPED.label()
        : name().toLowerCase(Locale.ROOT);
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
        retryAfterMillis.orElse(null));
  }
}
