package io.weir.ingress;

import java.util.OptionalLong;

/** Errors in answers that an ingress finds itself. */
final class AnswerErrors {
  private AnswerErrors() {}

  /** Its length is not what its end says. */
  static ApiError incomplete() {
    return broken(
        "answer_incomplete", "The answer is not whole: its length is not what its end says.");
  }

  /** It begins without status and content type. */
  static ApiError headless() {
    return broken("answer_malformed", "The answer begins without a status.");
  }

  /** What was sent is void, and cannot be taken back. */
  static ApiError superseded() {
    return broken(
        "attempt_superseded",
        "The answer was interrupted, and what was sent of it is not continued.");
  }

  /** Nothing came for too long. */
  static ApiError stalled() {
    return broken("answer_stalled", "The answer stopped coming.");
  }

  /** It can no longer be read. */
  static ApiError unreadable() {
    return broken(
        "answer_unreadable", "The rest of the answer could not be read; was it taken too slowly?");
  }

  /** The engine answered a stream with a status of its own, after the stream had begun. */
  static ApiError refused(int status, int attempts) {
    return ApiError.failed(
        status >= 400 ? status : 502,
        "The engine refused the request with status " + status + ".",
        new ApiError.Weir("engine_refused", true, false, 0, attempts, OptionalLong.empty()));
  }

  /** It is older than what is kept. */
  static ApiError gone() {
    return ApiError.invalid(
        410, "result_expired", "The answer is not kept any more; results are kept for three days.");
  }

  /** The client names an event that is not part of the answer. */
  static ApiError noSuchEvent() {
    return ApiError.invalid(
        409,
        "attempt_superseded",
        "The event named by Last-Event-ID is not part of the answer (any more); begin anew without the header.");
  }

  /** Its time is over. */
  static ApiError expired(long waitedMillis) {
    return ApiError.failed(
        504,
        "The request was not answered before its deadline.",
        new ApiError.Weir("deadline_exceeded", false, true, waitedMillis, 0, OptionalLong.empty()));
  }

  /** The ingress goes away. */
  static ApiError shuttingDown(long retryAfterMillis) {
    return ApiError.failed(
        503,
        "This ingress is shutting down; the request itself may still run.",
        new ApiError.Weir("shutting_down", false, true, 0, 0, OptionalLong.of(retryAfterMillis)));
  }

  private static ApiError broken(String reason, String message) {
    return ApiError.failed(
        502, message, new ApiError.Weir(reason, false, true, 0, 1, OptionalLong.empty()));
  }
}
