package io.weir.dispatcher;

import io.weir.schemas.Attempt;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.Requeue;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * A request that is to be run again, of which only the requeue is at hand yet.
 *
 * @param lane where the requeue was read
 * @param claim settled when Kafka has the claim
 */
record Requeued(
    Requeue requeue, String source, PoolDesk desk, TopicPartition lane, ClaimState claim) {
  /** With its original, and the text that its answer is to go on from. */
  Held with(InferenceRequest request, Optional<Continuation> text) {
    return new Held(
        request,
        new Attempt(AttemptIds.next(), requeue.getAttemptNumber()),
        lane,
        requeue.getPointer(),
        claim,
        desk.wanted(request),
        Set.copyOf(requeue.getTriedEngines()),
        text);
  }

  /** With what can be said of it without the original; empty if it is not known where it ends. */
  Optional<Held> withoutOriginal() {
    return requeue.getReply().map(reply -> with(remains(reply), Optional.empty()));
  }

  private InferenceRequest remains(ReplyAddress reply) {
    return InferenceRequest.newBuilder()
        .setId(requeue.getRequestId())
        .setTenant(requeue.getTenant())
        .setSource(source)
        .setPool(desk.pool())
        .setRequestClass(requeue.getRequestClass())
        .setModel(requeue.getModel())
        .setPath("/")
        .setContentType("application/octet-stream")
        .setStream(false)
        .setBody(ByteBuffer.allocate(0))
        .setAffinity("")
        .setReply(reply)
        .setEnqueuedAt(requeue.getEnqueuedAt())
        .setExpiresAt(requeue.getExpiresAt())
        .setPromptTokens(0)
        .setOutputTokens(0)
        .build();
  }
}
