package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Reads all lanes and answers as a test says. */
final class FakeDispatcher implements AutoCloseable {
  /** Writes one attempt's chunks. */
  final class Attempt {
    private final InferenceRequest request;
    private final String id;
    private long bytes;
    private long events;

    private Attempt(InferenceRequest request, String id) {
      this.request = request;
      this.id = id;
    }

    Attempt head(int status, String contentType) {
      return send(chunk().setHead(headOf(status, contentType)));
    }

    Attempt data(String text) {
      return data(text.getBytes(UTF_8), 0);
    }

    Attempt events(String text, int count) {
      return data(text.getBytes(UTF_8), count);
    }

    Attempt data(byte[] data, int count) {
      ResponseChunk.Builder chunk =
          chunk().setData(ByteBuffer.wrap(data)).setFirstSeq(events).setCount(count);
      bytes += data.length;
      events += count;
      return send(chunk);
    }

    void end() {
      send(chunk().setEnd(new ResponseEnd(null, null, bytes, events)));
    }

    void fail(Failure failure) {
      send(chunk().setEnd(new ResponseEnd(failure, null, bytes, events)));
    }

    /** The whole answer in one record. */
    void whole(int status, String contentType, byte[] body) {
      send(
          chunk()
              .setHead(headOf(status, contentType))
              .setData(ByteBuffer.wrap(body))
              .setEnd(new ResponseEnd(null, null, (long) body.length, 0L)));
    }

    private ResponseHead headOf(int status, String contentType) {
      return new ResponseHead(status, contentType, null, "engine-1", null, 7_000L, "1/2", true);
    }

    private ResponseChunk.Builder chunk() {
      return ResponseChunk.newBuilder()
          .setRequestId(request.getId())
          .setAttemptId(id)
          .setAttempt(1)
          .setData(ByteBuffer.allocate(0))
          .setFirstSeq(events)
          .setCount(0);
    }

    private Attempt send(ResponseChunk.Builder chunk) {
      reply(request, chunk.build());
      return this;
    }
  }

  private final KafkaConsumer<String, InferenceRequest> consumer;
  private final KafkaProducer<String, ResponseChunk> producer;
  private final BlockingQueue<InferenceRequest> seen = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile Consumer<InferenceRequest> behaviour = request -> {};
  private volatile boolean closed;

  FakeDispatcher(KafkaSettings kafka, Collection<String> lanes) {
    consumer =
        new KafkaConsumer<>(
            kafka.consumer(
                Map.of(
                    "enable.auto.commit",
                    false,
                    "auto.offset.reset",
                    "earliest",
                    "fetch.max.wait.ms",
                    20)));
    producer =
        new KafkaProducer<>(
            kafka.producer(
                Map.of(
                    "linger.ms", 0,
                    "max.in.flight.requests.per.connection", 1,
                    "max.request.size", 12 << 20)));
    List<TopicPartition> partitions = new ArrayList<>();
    lanes.forEach(
        lane ->
            consumer
                .partitionsFor(lane)
                .forEach(p -> partitions.add(new TopicPartition(lane, p.partition()))));
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    thread = Thread.ofPlatform().daemon().name("fake-dispatcher").start(this::run);
  }

  void onRequest(Consumer<InferenceRequest> answer) {
    behaviour = answer;
    seen.clear();
  }

  /** The next request that came in. */
  InferenceRequest take() throws InterruptedException {
    return seen.take();
  }

  Attempt attempt(InferenceRequest request, String id) {
    return new Attempt(request, id);
  }

  void reply(InferenceRequest request, ResponseChunk chunk) {
    var unused =
        producer.send(
            new ProducerRecord<>(
                request.getReply().getTopic(), request.getReply().getPartition(), null, chunk));
  }

  private void run() {
    try (consumer;
        producer) {
      while (!closed) {
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(
                record -> {
                  if (seen.size() < 10_000) {
                    seen.add(record.value());
                  }
                  behaviour.accept(record.value());
                });
      }
    } catch (WakeupException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
