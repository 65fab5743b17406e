package io.weir.ingress;

import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.BatchItem;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What ACCEPTED will say of a request once it is known where its record lies. It does not hold the
 * body, so that nothing does while the answer is awaited.
 */
record Acceptance(
    String id,
    String source,
    String pool,
    RequestClass requestClass,
    String tenant,
    String model,
    ReplyAddress reply,
    String path,
    boolean stream,
    Instant enqueuedAt,
    Instant expiresAt,
    int promptTokens,
    int outputTokens,
    long bodyBytes,
    boolean watched,
    Optional<String> callback,
    Optional<BatchItem> batch) {
  static Acceptance of(InferenceRequest request) {
    return new Acceptance(
        request.getId(),
        request.getSource(),
        request.getPool(),
        request.getRequestClass(),
        request.getTenant(),
        request.getModel(),
        request.getReply(),
        request.getPath(),
        request.getStream(),
        request.getEnqueuedAt(),
        request.getExpiresAt(),
        request.getPromptTokens(),
        request.getOutputTokens(),
        request.getBody().remaining(),
        request.getWatched(),
        request.getCallback(),
        request.getBatch());
  }

  /**
   * The event.
   *
   * @param member who accepted the request
   * @param pointer where its record lies
   */
  LifecycleEvent event(String member, RecordPointer pointer, Instant at) {
    AcceptedRequest accepted =
        new AcceptedRequest(
            pointer,
            reply,
            path,
            stream,
            enqueuedAt,
            expiresAt,
            promptTokens,
            outputTokens,
            bodyBytes,
            watched,
            callback.orElse(null),
            batch.orElse(null));
    return new LifecycleEvent(
        id,
        LifecycleType.ACCEPTED,
        at,
        member,
        source,
        pool,
        requestClass,
        tenant,
        model,
        accepted,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        false);
  }
}
