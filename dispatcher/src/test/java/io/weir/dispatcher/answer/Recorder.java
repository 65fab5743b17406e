package io.weir.dispatcher.answer;

import io.weir.schemas.Attempt;
import io.weir.schemas.Continues;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Stands in for Kafka: keeps what is published, as it was when it was published. */
final class Recorder implements AnswerPublisher.PublishListener {
  final List<ResponseChunk> chunks = new ArrayList<>();
  final List<String> texts = new ArrayList<>();
  final AtomicInteger broken = new AtomicInteger();
  final MockProducer<String, ResponseChunk> producer;
  final AnswerPublisher publisher;

  final OpenClaim claim = new OpenClaim();

  /** A claim that is in Kafka, until a test says otherwise. */
  static final class OpenClaim implements Claim {
    final CountDownLatch acked = new CountDownLatch(1);
    final AtomicBoolean waiting = new AtomicBoolean();
    volatile boolean holds = true;

    @Override
    public boolean await() {
      try {
        waiting.set(true);
        acked.await();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      return holds;
    }

    @Override
    public boolean holds() {
      return holds;
    }
  }

  enum Acks {
    AT_ONCE,
    BY_HAND
  }

  Recorder(Acks acks) {
    this(acks, Claimed.YES);
  }

  enum Claimed {
    YES,
    NOT_YET
  }

  Recorder(Acks acks, Claimed claimed) {
    this(acks, claimed, null);
  }

  /** Of an attempt that goes on from another's text, if there is one. */
  Recorder(Acks acks, Claimed claimed, Continues before) {
    if (claimed == Claimed.YES) {
      claim.acked.countDown();
    }
    producer =
        new MockProducer<>(
            acks == Acks.AT_ONCE,
            null,
            new StringSerializer(),
            (topic, chunk) -> {
              byte[] bytes = new byte[chunk.getData().remaining()];
              chunk.getData().duplicate().get(bytes);
              texts.add(new String(bytes, StandardCharsets.UTF_8));
              chunks.add(
                  new ResponseChunk(
                      chunk.getRequestId(),
                      chunk.getAttemptId(),
                      chunk.getAttempt(),
                      chunk.getHead().orElse(null),
                      ByteBuffer.wrap(bytes),
                      chunk.getFirstSeq(),
                      chunk.getCount(),
                      chunk.getEnd().orElse(null),
                      chunk.getClosedAttempts(),
                      chunk.getKeepText(),
                      chunk.getContinues().orElse(null)));
              return bytes;
            });
    publisher =
        new AnswerPublisher(
            producer,
            this,
            "request",
            new Attempt("attempt", 1),
            claim,
            new ReplyAddress("replies", 3, 0L),
            Optional.ofNullable(before));
  }

  static ResponseHead head() {
    return new ResponseHead(200, "text/event-stream", null, "e0", null, 0L, null, false);
  }

  byte[] body() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    chunks.forEach(chunk -> all.writeBytes(chunk.getData().array()));
    return all.toByteArray();
  }

  @Override
  public void chunk(int bytes) {}

  @Override
  public void broken() {
    broken.incrementAndGet();
  }
}
