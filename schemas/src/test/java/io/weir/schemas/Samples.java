package io.weir.schemas;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Records with every kind of field. */
final class Samples {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

  private Samples() {}

  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  static InferenceRequest request(byte[] body) {
    return InferenceRequest.newBuilder()
        .setId("01HXYZ")
        .setTenant("größe")
        .setSource("us-east")
        .setPool("llama")
        .setRequestClass(RequestClass.FLEX)
        .setModel("llama-3-8b")
        .setPath("/v1/chat/completions")
        .setContentType("application/json")
        .setStream(true)
        .setBody(ByteBuffer.wrap(body))
        .setAffinity("x".repeat(2000))
        .setReply(reply())
        .setEnqueuedAt(NOW)
        .setExpiresAt(NOW.plusSeconds(60))
        .setPromptTokens(-1)
        .setOutputTokens(Integer.MAX_VALUE)
        .setTraceparent("00-abc")
        .build();
  }

  static ResponseChunk chunk(byte[] data) {
    return ResponseChunk.newBuilder()
        .setRequestId("01HXYZ")
        .setAttemptId("a1")
        .setAttempt(1)
        .setData(ByteBuffer.wrap(data))
        .setFirstSeq(3)
        .setCount(2)
        .setClosedAttempts(List.of("a0", "a00"))
        .build();
  }

  static LifecycleEvent event() {
    return LifecycleEvent.newBuilder()
        .setRequestId("01HXYZ")
        .setType(LifecycleType.DISPATCHED)
        .setAt(NOW)
        .setMember("dispatcher-1")
        .setSource("us-east")
        .setPool("llama")
        .setRequestClass(RequestClass.BATCH)
        .setTenant("acme")
        .setModel("m")
        .setEngine("engine-1")
        .setDecision(
            Decision.newBuilder()
                .setPolicy("weighted")
                .setEngine("engine-1")
                .setCandidates(
                    List.of(
                        Candidate.newBuilder()
                            .setEngine("engine-1")
                            .setWeight(0.75)
                            .setInFlight(3)
                            .setScore(-1.5e-9)
                            .setParts(Map.of("wait", 0.25))
                            .build()))
                .setExcluded(List.of())
                .setSeed(Long.MIN_VALUE)
                .build())
        .setFirstOffset(7L)
        .build();
  }

  private static ReplyAddress reply() {
    return ReplyAddress.newBuilder()
        .setTopic("weir.responses.us-east")
        .setPartition(3)
        .setEndOffset(1L << 40)
        .build();
  }
}
