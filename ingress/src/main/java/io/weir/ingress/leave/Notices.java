package io.weir.ingress.leave;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.schemas.Cancellation;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes cancellations, and what ingresses tell each other of who came and left. What cannot be
 * written because the brokers are away is written when they are back, as far as memory allows; what
 * finds no room is counted and left out, and such a request runs to its end.
 */
public final class Notices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

  /** Room for some tens of thousands of notices that wait for the brokers. */
  private static final long BUFFER_BYTES = 8L << 20;

  /** No request lives longer, so no cancellation is worth more patience. */
  private static final Duration DELIVERY = Duration.ofHours(24);

  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final KafkaProducer<String, SpecificRecord> producer;
  private final MeterRegistry metrics;

  /** Makes the producer. */
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
                    // Called on clients' threads and on the follower's, which must never wait.
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    0,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    Math.toIntExact(DELIVERY.toMillis()),
                    ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                    Duration.ofDays(7).toMillis())));
  }

  /**
   * Waits until the brokers of the topics are known, so that no notice is lost to that.
   *
   * @throws IllegalStateException if they are not within the time
   */
  public void warmUp(Collection<String> topics, Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    for (String topic : topics) {
      while (!isKnown(topic)) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException(
              "Topic " + topic + " cannot be written to; are Weir's topics created?");
        }
        Thread.sleep(Duration.ofMillis(10));
      }
    }
  }

  private boolean isKnown(String topic) {
    try {
      return !producer.partitionsFor(topic).isEmpty();
    } catch (KafkaException e) {
      LOG.trace("not known yet topic={}", topic, e);
      return false;
    }
  }

  /**
   * Cancels a request.
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

  /** Writes a record that others do not depend on. */
  public CompletableFuture<Void> send(ProducerRecord<String, SpecificRecord> record) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    try {
      var unused =
          producer.send(
              record,
              (metadata, failure) -> {
                if (failure == null) {
                  written.complete(null);
                } else {
                  drop(record, failure, written);
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      // Illegal state: the producer was closed meanwhile.
      drop(record, e, written);
    }
    return written;
  }

  private void drop(
      ProducerRecord<String, SpecificRecord> record,
      Exception failure,
      CompletableFuture<Void> written) {
    metrics.counter("weir.ingress.notices.drops").increment();
    LOG.warn(
        "notice_not_written topic={} key={} cause={}",
        record.topic(),
        record.key(),
        failure.toString());
    written.completeExceptionally(failure);
  }

  /** How many partitions a topic has. */
  public int partitions(String topic) {
    return producer.partitionsFor(topic).size();
  }

  @Override
  public void close() {
    producer.close(CLOSE);
  }
}
