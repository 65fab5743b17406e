package io.weir.controller;

import com.github.f4b6a3.ulid.Ulid;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import io.weir.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes what ingresses and dispatchers would have written. */
final class Story implements AutoCloseable {
  private final KafkaProducer<String, SpecificRecord> producer;

  Story(KafkaSettings kafka) {
    producer = new KafkaProducer<>(kafka.producer(Map.of("acks", "all", "linger.ms", "0")));
  }

  /** What a request is like. */
  record Shape(boolean stream, boolean watched, Duration timeToLive, Optional<String> callback) {
    static final Shape STREAM = new Shape(true, true, Duration.ofHours(1), Optional.empty());
    static final Shape ASYNC = new Shape(false, false, Duration.ofHours(1), Optional.empty());

    AcceptedRequest accepted() {
      Instant now = Instant.now();
      return AcceptedRequest.newBuilder()
          .setPointer(
              new RecordPointer(Topics.requests("east", "llama", RequestClass.STANDARD), 0, 0L))
          .setReply(new ReplyAddress(Topics.responses("east"), 3, 0L))
          .setPath("/v1/chat/completions")
          .setStream(stream)
          .setEnqueuedAt(now)
          .setExpiresAt(now.plus(timeToLive))
          .setPromptTokens(10)
          .setOutputTokens(10)
          .setBodyBytes(100)
          .setWatched(watched)
          .setCallback(callback.orElse(null))
          .build();
    }
  }

  static String id() {
    return Ulid.fast().toString();
  }

  static LifecycleEvent.Builder event(String id, LifecycleType type) {
    return LifecycleEvent.newBuilder()
        .setRequestId(id)
        .setType(type)
        .setAt(Instant.now())
        .setMember("ingress-1")
        .setSource("east")
        .setPool("llama")
        .setRequestClass(RequestClass.STANDARD)
        .setTenant("acme")
        .setModel("llama");
  }

  static LifecycleEvent accepted(String id, Shape shape) {
    return event(id, LifecycleType.ACCEPTED).setRequest(shape.accepted()).build();
  }

  static LifecycleEvent dispatched(String id, String attempt, String member, Shape shape) {
    return event(id, LifecycleType.DISPATCHED)
        .setRequest(shape.accepted())
        .setAttempt(new Attempt(attempt, 1))
        .setMember(member)
        .setMemberEpoch(1L)
        .setEngine("e1")
        .build();
  }

  static LifecycleEvent succeeded(String id, String attempt, String member, long lastOffset) {
    return event(id, LifecycleType.SUCCEEDED)
        .setAttempt(new Attempt(attempt, 1))
        .setMember(member)
        .setMemberEpoch(1L)
        .setFirstOffset(lastOffset)
        .setLastOffset(lastOffset)
        .build();
  }

  void write(LifecycleEvent event) {
    send(new ProducerRecord<>(Topics.lifecycle(), event.getRequestId(), event));
  }

  long data(String id, String attempt, String text) {
    return chunk(id, attempt, text, Optional.empty());
  }

  long whole(String id, String attempt, String text) {
    return chunk(
        id, attempt, text, Optional.of(new ResponseEnd(null, null, (long) text.length(), 1L)));
  }

  private long chunk(String id, String attempt, String text, Optional<ResponseEnd> end) {
    return send(
        new ProducerRecord<>(
            Topics.responses("east"),
            3,
            null,
            ResponseChunk.newBuilder()
                .setRequestId(id)
                .setAttemptId(attempt)
                .setAttempt(1)
                .setHead(
                    ResponseHead.newBuilder()
                        .setStatus(200)
                        .setContentType("application/json")
                        .setEngine("e1")
                        .setQueuedMicros(1)
                        .build())
                .setData(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                .setFirstSeq(0)
                .setCount(1)
                .setEnd(end.orElse(null))
                .build()));
  }

  private long send(ProducerRecord<String, SpecificRecord> record) {
    try {
      return producer.send(record).get().offset();
    } catch (InterruptedException | ExecutionException failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
