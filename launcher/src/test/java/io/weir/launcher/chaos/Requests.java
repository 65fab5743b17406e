package io.weir.launcher.chaos;

import io.weir.routing.engine.SimText;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Requests and what is written of them. */
final class Requests {
  private static final ReplyAddress REPLY = new ReplyAddress("weir.responses.home", 0, 0L);

  private Requests() {}

  static ChaosRequest sync(int number, int tokens) {
    return of(number, Kind.SYNC, tokens, Optional.empty());
  }

  static ChaosRequest stream(int number, int tokens) {
    return of(number, Kind.STREAM, tokens, Optional.empty());
  }

  static ChaosRequest of(int number, Kind kind, int tokens, Optional<String> key) {
    return new ChaosRequest(
        number, 0, kind, "default", ChaosRequest.promptOf(number, "words"), tokens, key, 1);
  }

  /** The tokens from one to another as an event of a stream has them. */
  static String delta(ChaosRequest request, int from, int to) {
    String text =
        SimText.answer(request.prompt(), to)
            .substring(SimText.answer(request.prompt(), from).length());
    return "{\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}";
  }

  static String completion(String text) {
    return "{\"choices\":[{\"message\":{\"content\":\"" + text + "\"}}]}";
  }

  static InferenceRequest record(String id, ChaosRequest request) {
    return InferenceRequest.newBuilder()
        .setId(id)
        .setTenant("default")
        .setSource(SystemLayout.SOURCE)
        .setPool(SystemLayout.POOL)
        .setRequestClass(RequestClass.STANDARD)
        .setModel(SystemLayout.POOL)
        .setPath("/v1/chat/completions")
        .setContentType("application/json")
        .setStream(request.kind().streams())
        .setBody(ByteBuffer.wrap(request.body().getBytes(StandardCharsets.UTF_8)))
        .setAffinity("")
        .setReply(REPLY)
        .setEnqueuedAt(Instant.EPOCH)
        .setExpiresAt(Instant.EPOCH)
        .setPromptTokens(1)
        .setOutputTokens(1)
        .build();
  }

  /** A claim by a member of an epoch, which is a dispatch as well. */
  static LifecycleEvent claim(String id, String member, long epoch, String attempt, String engine) {
    return event(id, LifecycleType.DISPATCHED, member)
        .setMemberEpoch(epoch)
        .setAttempt(new Attempt(attempt, 1))
        .setEngine(engine)
        .setRequest(
            AcceptedRequest.newBuilder()
                .setReply(REPLY)
                .setPath("/v1/chat/completions")
                .setStream(false)
                .setEnqueuedAt(Instant.EPOCH)
                .setExpiresAt(Instant.EPOCH)
                .setPromptTokens(1)
                .setOutputTokens(1)
                .setBodyBytes(1)
                .build())
        .build();
  }

  static LifecycleEvent terminal(String id, LifecycleType type, String attempt) {
    return event(id, type, "dispatcher-1")
        .setMemberEpoch(1L)
        .setAttempt(new Attempt(attempt, 1))
        .build();
  }

  static LifecycleEvent requeued(String id, String attempt) {
    return event(id, LifecycleType.REQUEUED, "controller-1")
        .setClosedAttempts(List.of(attempt))
        .build();
  }

  static LifecycleEvent.Builder event(String id, LifecycleType type, String member) {
    return LifecycleEvent.newBuilder()
        .setRequestId(id)
        .setType(type)
        .setAt(Instant.EPOCH)
        .setMember(member)
        .setSource(SystemLayout.SOURCE)
        .setPool(SystemLayout.POOL)
        .setRequestClass(RequestClass.STANDARD)
        .setTenant("default")
        .setModel(SystemLayout.POOL);
  }

  /** A whole answer in one chunk. */
  static ResponseChunk answer(String id, String attempt, String body, Optional<Failure> failure) {
    return ResponseChunk.newBuilder()
        .setRequestId(id)
        .setAttemptId(attempt)
        .setAttempt(1)
        .setData(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
        .setFirstSeq(0)
        .setCount(0)
        .setEnd(new ResponseEnd(failure.orElse(null), null, (long) body.length(), 0L))
        .build();
  }
}
