package io.weir.routing.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.schemas.Continues;
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
    return end(attempt, 0);
  }

  /** The end of an answer that is so many bytes long. */
  static ResponseChunk end(String attempt, long bytes) {
    return chunk(attempt).setEnd(new ResponseEnd(null, null, bytes, 0L)).build();
  }

  static ResponseChunk whole(String attempt, String text) {
    return chunk(attempt)
        .setHead(headOf(attempt))
        .setData(ByteBuffer.wrap(text.getBytes(UTF_8)))
        .setEnd(new ResponseEnd(null, null, (long) text.getBytes(UTF_8).length, 0L))
        .build();
  }

  static ResponseChunk reset(String... attempts) {
    return chunk("").setAttempt(0).setClosedAttempts(List.of(attempts)).build();
  }

  static ResponseChunk keep(String... attempts) {
    return chunk("").setAttempt(0).setClosedAttempts(List.of(attempts)).setKeepText(true).build();
  }

  /** A piece of a stream, one event. */
  static ResponseChunk event(String attempt, long seq, String text) {
    return piece(attempt, seq, text).build();
  }

  /** An event that goes on where another attempt's text broke off. */
  static ResponseChunk goOn(String attempt, String text, String from, long events, long bytes) {
    return piece(attempt, events, text).setContinues(new Continues(from, events, bytes)).build();
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

  private static ResponseChunk.Builder piece(String attempt, long seq, String text) {
    return chunk(attempt)
        .setHead(headOf(attempt))
        .setData(ByteBuffer.wrap(text.getBytes(UTF_8)))
        .setFirstSeq(seq)
        .setCount(1);
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
