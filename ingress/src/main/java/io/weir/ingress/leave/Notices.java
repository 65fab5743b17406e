package io.weir.ingress.leave;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.weir.schemas.Cancellation;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes cancellations, and what ingresses tell each other of who came and left. What cannot be
 * written because the brokers are away is written when they are back, as far as memory allows; what
 * finds no room is counted and left out, and such a request runs to its end.
 */
public final class Notices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

  /** Notices that wait for the brokers in this class, beside those that wait in the producer. */
  private static final int QUEUE = 20_000;

  private static final long BUFFER_BYTES = 4L << 20;

  /** No request lives longer, so no cancellation is worth more patience. */
  private static final Duration DELIVERY = Duration.ofHours(24);

  private static final Duration BLOCK = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final KafkaProducer<String, SpecificRecord> producer;
  private final MeterRegistry metrics;
  private final ArrayBlockingQueue<Notice> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Thread thread;
  private volatile boolean closed;

  private record Notice(
      ProducerRecord<String, SpecificRecord> record, CompletableFuture<Void> written) {}

  /** Makes the producer and its thread. */
  public Notices(KafkaSettings kafka, MeterRegistry metrics) {
    this.metrics = metrics;
    this.producer =
        new KafkaProducer<>(
            kafka.producer(
                Map.of(
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    true,
                    ProducerConfig.LINGER_MS_CONFIG,
                    0,
                    ProducerConfig.BATCH_SIZE_CONFIG,
                    4 << 10,
                    ProducerConfig.BUFFER_MEMORY_CONFIG,
                    BUFFER_BYTES,
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    BLOCK.toMillis(),
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    Math.toIntExact(DELIVERY.toMillis()),
                    ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                    Duration.ofDays(7).toMillis())));
    metrics.gaugeCollectionSize("weir.ingress.notices.waiting", Tags.empty(), queue);
    this.thread = Thread.ofPlatform().daemon().name("weir-ingress-notices").start(this::run);
  }

  /**
   * Cancels a request. Does not wait.
   *
   * @param source where it entered
   * @param expiresAt when it expires by itself
   * @return done when the cancellation is durable
   */
  public CompletableFuture<Void> cancel(
      String id, String source, CancelReason reason, Instant expiresAt) {
    metrics.counter("weir.ingress.cancellations", "reason", reason.word()).increment();
    LOG.debug("request_cancelled request_id={} reason={}", id, reason.word());
    return send(
        new ProducerRecord<>(
            Topics.cancellations(source),
            id,
            new Cancellation(id, reason.word(), Instant.now(), expiresAt)));
  }

  /** Writes a record as soon as the brokers take it. Does not wait. */
  CompletableFuture<Void> send(ProducerRecord<String, SpecificRecord> record) {
    Notice notice = new Notice(record, new CompletableFuture<>());
    if (!queue.offer(notice)) {
      drop(notice, new KafkaException("Too many notices wait for the brokers"));
    }
    return notice.written();
  }

  private void run() {
    try {
      while (!closed) {
        Notice notice = queue.take();
        while (!closed && !write(notice)) {
          LOG.debug("brokers_awaited notices={}", queue.size());
        }
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.trace("closing", e);
    }
  }

  /** False if the brokers of its topic are not known, as after an outage of all of them. */
  private boolean write(Notice notice) {
    try {
      int unusedCount = producer.partitionsFor(notice.record().topic()).size();
      var unusedSending =
          producer.send(
              notice.record(),
              (metadata, failure) -> {
                if (failure == null) {
                  notice.written().complete(null);
                } else {
                  drop(notice, failure);
                }
              });
    } catch (TimeoutException e) {
      LOG.trace("not now topic={}", notice.record().topic(), e);
      return false;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException | IllegalStateException e) {
      // Illegal state: the producer was closed meanwhile.
      drop(notice, e);
    }
    return true;
  }

  private void drop(Notice notice, Exception failure) {
    metrics.counter("weir.ingress.notices.drops").increment();
    LOG.warn(
        "notice_not_written topic={} key={} cause={}",
        notice.record().topic(),
        notice.record().key(),
        failure.toString());
    notice.written().completeExceptionally(failure);
  }

  /**
   * How many partitions a topic has; waits for the brokers.
   *
   * @throws IllegalStateException if they do not say so within the time
   */
  public int partitions(String topic, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      try {
        return producer.partitionsFor(topic).size();
      } catch (TimeoutException e) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException(
              "Topic " + topic + " cannot be written to; are Weir's topics created?", e);
        }
      }
    }
  }

  @Override
  public void close() {
    long deadline = System.nanoTime() + CLOSE.toNanos();
    while (!queue.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(this, Duration.ofMillis(5).toNanos());
    }
    closed = true;
    thread.interrupt();
    producer.close(CLOSE);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
