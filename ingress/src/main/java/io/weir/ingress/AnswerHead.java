package io.weir.ingress;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.schemas.ResponseHead;

/** Status and headers of an answer, from the head of its attempt. */
final class AnswerHead {
  private static final long MICROS_PER_MILLI = 1_000;

  private AnswerHead() {}

  static void write(ServerResponse response, Deliver first, ResponseHead head) {
    response.status(Status.create(head.getStatus()));
    var headers = response.headers();
    headers.set(HeaderNames.CONTENT_TYPE, head.getContentType());
    headers.set(Responses.ENGINE, head.getEngine());
    headers.set(Responses.ATTEMPTS, Integer.toString(first.number()));
    headers.set(Responses.QUEUE_MS, Long.toString(queueMillis(head)));
    head.getWeightsVersion().ifPresent(v -> headers.set(Responses.WEIGHTS_VERSION, v));
    if (head.getWeightsStale()) {
      headers.set(Responses.WEIGHTS_STALE, "true");
    }
    head.getRetryAfterMs()
        .ifPresent(
            millis -> {
              headers.set(Responses.RETRY_AFTER_MS, Long.toString(millis));
              headers.set(HeaderNames.RETRY_AFTER, Responses.seconds(millis));
            });
  }

  static long queueMillis(ResponseHead head) {
    return head.getQueuedMicros() / MICROS_PER_MILLI;
  }
}
