package io.weir.controller.requests;

import io.weir.routing.request.RecoveryVerdict.End;
import io.weir.routing.request.RecoveryVerdict.Reset;
import io.weir.routing.request.RecoveryVerdict.RunAgain;
import io.weir.routing.request.RecoveryVerdict.Settle;
import io.weir.routing.request.RecoveryVerdict.Text;
import io.weir.schemas.DeadLetter;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestState;
import io.weir.schemas.Requeue;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a controller writes for a request that it recovers, in its own name. */
final class RecoveryRecords {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final String member;
  private final Clock clock;

  RecoveryRecords(String member, Clock clock) {
    this.member = member;
    this.clock = clock;
  }

  ProducerRecord<String, SpecificRecord> contested(RequestState state) {
    return lifecycle(event(state, LifecycleType.CONTESTED).build());
  }

  ProducerRecord<String, SpecificRecord> requeued(RequestState state, List<String> closed) {
    return lifecycle(
        event(state, LifecycleType.REQUEUED).setClosedAttempts(List.copyOf(closed)).build());
  }

  ProducerRecord<String, SpecificRecord> terminal(RequestState state, Settle settle) {
    return lifecycle(
        event(state, settle.terminal())
            .setAttempt(settle.attempt())
            .setFailure(settle.failure().orElse(null))
            .setUsage(settle.usage().orElse(null))
            .setFirstOffset(settle.firstOffset() < 0 ? settle.lastOffset() : settle.firstOffset())
            .setLastOffset(settle.lastOffset())
            .setSettled(true)
            .build());
  }

  ProducerRecord<String, SpecificRecord> deadLetter(RequestState state, Failure failure) {
    return new ProducerRecord<>(
        Topics.deadLetters(),
        state.getRequestId(),
        new DeadLetter(state, failure, clock.instant()));
  }

  ProducerRecord<String, SpecificRecord> requeue(RequestState state, RunAgain again) {
    Requeue requeue = again.requeue();
    return new ProducerRecord<>(
        Topics.requeues(state.getSource(), state.getPool()), state.getRequestId(), requeue);
  }

  ProducerRecord<String, SpecificRecord> reset(RequestState state, Reset reset) {
    return reply(
        state,
        chunk(state)
            .setAttemptId("")
            .setAttempt(0)
            .setClosedAttempts(List.copyOf(reset.closed()))
            .setKeepText(reset.text() == Text.KEPT)
            .build());
  }

  ProducerRecord<String, SpecificRecord> end(RequestState state, End end) {
    return reply(
        state,
        chunk(state)
            .setAttemptId(end.attempt().getId())
            .setAttempt(end.attempt().getNumber())
            .setFirstSeq(end.events())
            .setContinues(end.continues().orElse(null))
            .setEnd(new ResponseEnd(end.failure(), null, end.bytes(), end.events()))
            .build());
  }

  private LifecycleEvent.Builder event(RequestState state, LifecycleType type) {
    return LifecycleEvent.newBuilder()
        .setRequestId(state.getRequestId())
        .setType(type)
        .setAt(clock.instant())
        .setMember(member)
        .setSource(state.getSource())
        .setPool(state.getPool())
        .setRequestClass(state.getRequestClass())
        .setTenant(state.getTenant())
        .setModel(state.getModel());
  }

  private static ResponseChunk.Builder chunk(RequestState state) {
    return ResponseChunk.newBuilder()
        .setRequestId(state.getRequestId())
        .setData(NOTHING.duplicate())
        .setFirstSeq(0)
        .setCount(0);
  }

  private static ProducerRecord<String, SpecificRecord> lifecycle(LifecycleEvent event) {
    return new ProducerRecord<>(Topics.lifecycle(), event.getRequestId(), event);
  }

  /** Chunks have no key: their partition is an address. */
  private static ProducerRecord<String, SpecificRecord> reply(
      RequestState state, ResponseChunk chunk) {
    ReplyAddress address = state.getRequest().orElseThrow().getReply();
    return new ProducerRecord<>(address.getTopic(), address.getPartition(), null, chunk);
  }
}
