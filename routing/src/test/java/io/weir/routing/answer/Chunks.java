package io.weir.routing.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import java.nio.ByteBuffer;
import java.util.List;

/** Chunks for tests. */
final class Chunks {
  private Chunks() {}

  static ResponseChunk head(String attempt) {
    return chunk(attempt).setHead(headOf(attempt)).build();
  }

  static ResponseChunk data(String attempt, String text) {
    return chunk(attempt).setData(ByteBuffer.wrap(text.getBytes(UTF_8))).build();
  }

  static ResponseChunk end(String attempt) {
    return chunk(attempt).setEnd(new ResponseEnd(null, null, 0L, 0L)).build();
  }

  static ResponseChunk whole(String attempt, String text) {
    return chunk(attempt)
        .setHead(headOf(attempt))
        .setData(ByteBuffer.wrap(text.getBytes(UTF_8)))
        .setEnd(new ResponseEnd(null, null, 0L, 0L))
        .build();
  }

  static ResponseChunk reset(String... attempts) {
    return chunk("").setAttempt(0).setClosedAttempts(List.of(attempts)).build();
  }

  static ResponseHead headOf(String attempt) {
    return ResponseHead.newBuilder()
        .setStatus(200)
        .setContentType("application/json")
        .setEngine("engine-of-" + attempt)
        .setQueuedMicros(0)
        .build();
  }

  static String text(ByteBuffer data) {
    return UTF_8.decode(data.duplicate()).toString();
  }

  private static ResponseChunk.Builder chunk(String attempt) {
    return ResponseChunk.newBuilder()
        .setRequestId("r")
        .setAttemptId(attempt)
        .setAttempt(1)
        .setData(ByteBuffer.allocate(0))
        .setFirstSeq(0)
        .setCount(0);
  }
}
