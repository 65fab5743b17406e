package io.weir.routing.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.routing.request.RecoveryVerdict.End;
import io.weir.routing.request.RecoveryVerdict.Reset;
import io.weir.routing.request.RecoveryVerdict.Text;
import io.weir.routing.request.ReplyReading.Read;
import io.weir.schemas.Continues;
import io.weir.schemas.Failure;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What lies in a reply partition, for tests. */
final class Answers {
  private Answers() {}

  static ReplyReading reading(ResponseChunk... chunks) {
    List<Read> reads = new ArrayList<>();
    for (ResponseChunk chunk : chunks) {
      reads.add(new Read(100 + reads.size(), chunk));
    }
    return ReplyReading.of(reads);
  }

  static ResponseChunk data(String attempt, long seq, String text) {
    return chunk(attempt).setData(bytes(text)).setFirstSeq(seq).setCount(1).build();
  }

  static ResponseChunk goOn(String attempt, String text, Continues from) {
    return chunk(attempt)
        .setData(bytes(text))
        .setFirstSeq(from.getEvents())
        .setCount(1)
        .setContinues(from)
        .build();
  }

  static ResponseChunk end(String attempt) {
    return end(attempt, 0);
  }

  /** The end of an answer that is so many bytes long. */
  static ResponseChunk end(String attempt, long bytes) {
    return chunk(attempt).setEnd(new ResponseEnd(null, null, bytes, 0L)).build();
  }

  static ResponseChunk end(String attempt, String reason) {
    Failure failure = new Failure(reason, "It failed.", 502, false, true, null, Map.of());
    return chunk(attempt).setEnd(new ResponseEnd(failure, null, 0L, 0L)).build();
  }

  static ResponseChunk of(End verdict) {
    ResponseChunk.Builder chunk =
        chunk(verdict.attempt().getId())
            .setAttempt(verdict.attempt().getNumber())
            .setEnd(new ResponseEnd(verdict.failure(), null, verdict.bytes(), verdict.events()));
    verdict.continues().ifPresent(chunk::setContinues);
    return chunk.build();
  }

  static ResponseChunk of(Reset verdict) {
    return chunk("")
        .setAttempt(0)
        .setClosedAttempts(verdict.closed())
        .setKeepText(verdict.text() == Text.KEPT)
        .build();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
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
