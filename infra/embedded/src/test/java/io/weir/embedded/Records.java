package io.weir.embedded;

import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.ResponseChunk;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Records of each kind for tests. */
final class Records {
  static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

  private Records() {}

  static InferenceRequest request(String id, byte[] body) {
    return InferenceRequest.newBuilder()
        .setId(id)
        .setTenant("acme")
        .setSource("us-east")
        .setPool("llama")
        .setRequestClass(RequestClass.STANDARD)
        .setModel("llama-3-8b")
        .setPath("/v1/chat/completions")
        .setContentType("application/json")
        .setStream(true)
        .setBody(ByteBuffer.wrap(body))
        .setAffinity("session-1")
        .setReply(
            ReplyAddress.newBuilder()
                .setTopic("weir.responses.us-east")
                .setPartition(3)
                .setEndOffset(17)
                .build())
        .setEnqueuedAt(NOW)
        .setExpiresAt(NOW.plusSeconds(60))
        .setPromptTokens(12)
        .setOutputTokens(34)
        .build();
  }

  static ResponseChunk chunk(String id, byte[] data) {
    return ResponseChunk.newBuilder()
        .setRequestId(id)
        .setAttemptId(id + "-1")
        .setAttempt(1)
        .setData(ByteBuffer.wrap(data))
        .setFirstSeq(0)
        .setCount(2)
        .build();
  }

  static LifecycleEvent event(String id) {
    return LifecycleEvent.newBuilder()
        .setRequestId(id)
        .setType(LifecycleType.SUCCEEDED)
        .setAt(NOW)
        .setMember("ingress-1")
        .setSource("us-east")
        .setPool("llama")
        .setRequestClass(RequestClass.PRIORITY)
        .setTenant("acme")
        .setModel("llama-3-8b")
        .setFirstOffset(5L)
        .build();
  }
}
