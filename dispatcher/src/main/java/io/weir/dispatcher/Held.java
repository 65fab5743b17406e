package io.weir.dispatcher;

import io.weir.routing.pick.PickRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.RequestClass;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * A request this dispatcher has taken, under an attempt id of its own.
 *
 * @param lane where it was read: its lane, or one of requests to be run again
 * @param original where the request itself lies
 * @param claim settled when Kafka has the claim
 * @param wanted what the choice of an engine needs to know of it
 * @param triedEngines engines of earlier attempts, to be avoided while there are others
 * @param continues the text so far, which the answer is to go on from
 */
record Held(
    InferenceRequest request,
    Attempt attempt,
    TopicPartition lane,
    RecordPointer original,
    ClaimState claim,
    PickRequest wanted,
    Set<String> triedEngines,
    Optional<Continuation> continues) {
  /** Fields and objects around the body, roughly. */
  private static final long OVERHEAD_BYTES = 1024;

  /** A further attempt, under a claim of its own. */
  Held further(Attempt next, ClaimState nextClaim) {
    return new Held(request, next, lane, original, nextClaim, wanted, triedEngines, continues);
  }

  /** The same, with more engines to be avoided while there are others. */
  Held avoiding(Set<String> more) {
    Set<String> all = new HashSet<>(triedEngines);
    all.addAll(more);
    return new Held(request, attempt, lane, original, claim, wanted, Set.copyOf(all), continues);
  }

  /** What it was taken under. */
  Tenure tenure() {
    return claim.tenure();
  }

  RequestClass requestClass() {
    return request.getRequestClass();
  }

  /** Memory it holds, in bytes. */
  long bytes() {
    long text = continues.map(each -> each.text().remaining()).orElse(0);
    return request.getBody().remaining() + text + OVERHEAD_BYTES;
  }

  /** When its ingress took it, in milliseconds since the epoch. */
  long enqueuedAtMillis() {
    return request.getEnqueuedAt().toEpochMilli();
  }

  /** When its first token must have come, in milliseconds since the epoch. */
  long expiresAtMillis() {
    return request.getExpiresAt().toEpochMilli();
  }
}
