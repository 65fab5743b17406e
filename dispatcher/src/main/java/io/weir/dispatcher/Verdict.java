package io.weir.dispatcher;

import io.weir.dispatcher.http.ResponseHeader;
import io.weir.schemas.Failure;
import io.weir.schemas.ResponseHead;
import java.time.Clock;
import java.util.Optional;

/** What an engine's status and headers mean. */
sealed interface Verdict {
  /** A stream of events follows. */
  record Stream(ResponseHead head) implements Verdict {}

  /** A JSON text follows. */
  record Json(ResponseHead head) implements Verdict {}

  /** The engine refuses the request, and its words are the client's answer. */
  record Rejected(ResponseHead head, Failure failure) implements Verdict {}

  /** There is no answer here. */
  record Failed(Failure failure) implements Verdict {}

  /** What the client asked for. */
  enum Wanted {
    STREAM,
    JSON
  }

  /**
   * Judges a response by its header.
   *
   * @param queuedMicros what the answer's head is to say of the time before the dispatch
   * @param weights what it is to say of the weights
   */
  static Verdict of(
      ResponseHeader header,
      Wanted wanted,
      String engine,
      long queuedMicros,
      WeightsMark weights,
      Clock clock) {
    int status = header.status();
    String said = about(engine, "it answered " + status);
    Optional<Long> retryAfter =
        header.retryAfter().flatMap(value -> RetryAfter.millis(value, clock));
    if (status == 429 || status == 503) {
      return new Failed(FailureReason.ENGINE_OVERLOADED.failure(said, retryAfter));
    }
    if (status >= 500) {
      return new Failed(FailureReason.ENGINE_ERROR.failure(said));
    }
    if (status >= 300 && status < 400) {
      return new Failed(FailureReason.ENGINE_BAD_ANSWER.failure(said));
    }
    if (header.contentEncoding().isPresent()) {
      return bad(engine, "it encoded the answer, which was not asked for");
    }
    ResponseHead head =
        new ResponseHead(
            status,
            header.contentType(),
            header.contentLength().isPresent() ? header.contentLength().getAsLong() : null,
            engine,
            retryAfter.orElse(null),
            queuedMicros,
            weights.version().orElse(null),
            weights.stale());
    if (status >= 400) {
      return new Rejected(head, FailureReason.ENGINE_REJECTED.failure(said, status));
    }
    return switch (wanted) {
      case STREAM ->
          header.isEventStream() ? new Stream(head) : bad(engine, "its answer is not a stream");
      case JSON ->
          header.isJson()
              ? new Json(head)
              : bad(engine, "its answer is not JSON by its content type");
    };
  }

  /** A sentence about an engine. */
  static String about(String engine, String what) {
    return "engine " + engine + ": " + what;
  }

  private static Verdict bad(String engine, String what) {
    return new Failed(FailureReason.ENGINE_BAD_ANSWER.failure(about(engine, what)));
  }
}
