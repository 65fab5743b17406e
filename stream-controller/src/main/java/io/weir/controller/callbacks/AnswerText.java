package io.weir.controller.callbacks;

import io.weir.controller.requests.LogReader;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Ignore;
import io.weir.routing.answer.AnswerEffect.Replace;
import io.weir.routing.answer.AnswerEffect.Restart;
import io.weir.routing.answer.AnswerReducer;
import io.weir.routing.answer.AnswerState;
import io.weir.routing.config.DataSize;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestState;
import io.weir.schemas.ResponseChunk;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Reads finished answers from their reply partitions. Belongs to one thread. */
final class AnswerText implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final LogReader reader;
  private final long most;

  AnswerText(KafkaSettings kafka, String clientId, DataSize largest) {
    this.reader = new LogReader(kafka, clientId, PATIENCE);
    this.most = largest.bytes();
  }

  /**
   * The answer's body.
   *
   * @param bytes all of it, or nothing if it is too large
   * @param size in bytes
   */
  record Text(ByteBuffer bytes, long size) {}

  /** What the request's client would have been sent; empty if nothing was written. */
  Optional<Text> read(RequestState state) {
    Optional<Long> last = state.getTerminal().flatMap(LifecycleEvent::getLastOffset);
    if (state.getRequest().isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    ReplyAddress reply = state.getRequest().get().getReply();
    Gathering gathering = new Gathering();
    reader.read(
        new TopicPartition(reply.getTopic(), reply.getPartition()),
        reply.getEndOffset(),
        last.get() + 1,
        (offset, chunk) -> {
          if (chunk.getRequestId().equals(state.getRequestId())) {
            gathering.take(chunk);
          }
        });
    return Optional.of(new Text(ByteBuffer.wrap(gathering.body.toByteArray()), gathering.size));
  }

  private final class Gathering {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private AnswerState state = AnswerState.INITIAL;
    private long size;

    void take(ResponseChunk chunk) {
      AnswerReducer.Step step = AnswerReducer.apply(state, chunk);
      state = step.state();
      switch (step.effect()) {
        case Deliver piece -> add(piece.data());
        case Replace replaced -> {
          clear();
          add(replaced.piece().data());
        }
        case Restart voided -> clear();
        case Ignore ignored -> {
          // Not part of the answer.
        }
      }
    }

    private void clear() {
      body.reset();
      size = 0;
    }

    private void add(ByteBuffer data) {
      size += data.remaining();
      if (size > most) {
        body.reset();
        return;
      }
      byte[] bytes = new byte[data.remaining()];
      data.duplicate().get(bytes);
      body.writeBytes(bytes);
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
