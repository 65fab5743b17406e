package io.weir.dispatcher;

import io.weir.routing.pick.PickRequest;
import io.weir.routing.queue.Ready;
import io.weir.schemas.Attempt;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RequestClass;
import org.apache.kafka.common.TopicPartition;

/**
 * A request this dispatcher has taken from its lane, under an attempt id of its own.
 *
 * @param lane where it lies
 * @param offset where in the lane
 * @param claim settled when Kafka has the claim
 * @param wanted what the choice of an engine needs to know of it
 */
record Held(
    InferenceRequest request,
    Attempt attempt,
    TopicPartition lane,
    long offset,
    ClaimState claim,
    PickRequest wanted)
    implements Ready {
  /** Fields and objects around the body, roughly. */
  private static final long OVERHEAD_BYTES = 1024;

  @Override
  public RequestClass requestClass() {
    return request.getRequestClass();
  }

  @Override
  public long bytes() {
    return request.getBody().remaining() + OVERHEAD_BYTES;
  }

  @Override
  public long expiresAtMillis() {
    return request.getExpiresAt().toEpochMilli();
  }
}
