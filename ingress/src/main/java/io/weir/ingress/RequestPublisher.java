package io.weir.ingress;

import io.weir.ingress.reply.Exchange;
import io.weir.ingress.reply.Produced;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes requests to their lanes, and once a request is acknowledged, ACCEPTED to the lifecycle.
 * The two have producers of their own: a client waits for its request, nobody waits for ACCEPTED.
 */
final class RequestPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestPublisher.class);

  /** Fields of a request beside its body, at their largest. */
  private static final int ENVELOPE_BYTES = 64 << 10;

  /** How long a client's thread may wait for room or metadata before its request is refused. */
  private static final int MAX_BLOCK_MILLIS = 50;

  private static final Duration LIFECYCLE_CLOSE = Duration.ofSeconds(1);

  private final KafkaProducer<String, InferenceRequest> requests;
  private final KafkaProducer<String, LifecycleEvent> lifecycle;
  private final Map<String, Integer> partitions = new ConcurrentHashMap<>();
  private final String member;
  private final IngressMetrics metrics;

  /**
   * Makes both producers.
   *
   * @param member the ingress's instance id
   */
  RequestPublisher(
      KafkaSettings kafka, IngressConfig config, String member, IngressMetrics metrics) {
    this.member = member;
    this.metrics = metrics;
    int ackMillis = Math.toIntExact(config.timeouts().produce().toMillis());
    this.requests =
        new KafkaProducer<>(
            kafka.producer(
                Map.ofEntries(
                    Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                    Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                    Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
                    // A request leaves at once; while one batch per broker is under way the next
                    // one fills, so that batches grow with the load by themselves.
                    Map.entry(ProducerConfig.LINGER_MS_CONFIG, 0),
                    Map.entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
                    Map.entry(
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        config.limits().body().toIntBytes() + ENVELOPE_BYTES),
                    // All the memory that requests on their way may take.
                    Map.entry(
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        config.limits().produceMemory().bytes() + ENVELOPE_BYTES),
                    // A full buffer is an overload that the client should hear of at once.
                    Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS),
                    // The client is told after this long; sending its request later would only
                    // make work that nobody waits for.
                    Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ackMillis),
                    Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ackMillis),
                    // A lane that was quiet for long must not have to look for its brokers first.
                    Map.entry(
                        ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(7).toMillis()))));
    this.lifecycle =
        new KafkaProducer<>(
            kafka.producer(
                Map.ofEntries(
                    Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                    Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                    // Events are small and few to a batch: setting up lz4 costs more than their
                    // bytes do.
                    Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"),
                    // Nobody waits for it: an async client has its answer with the request's ack.
                    Map.entry(ProducerConfig.LINGER_MS_CONFIG, 20),
                    Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, 16L << 20),
                    // Called on the other producer's thread, which must never wait: what finds no
                    // room is counted and left out, as a claim can stand in for it.
                    Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0),
                    Map.entry(
                        ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(7).toMillis()))));
  }

  /**
   * Waits until the brokers of all lanes are known, so that no request has to.
   *
   * @throws IllegalStateException if they are not within the time
   */
  void warmUp(Collection<String> lanes, Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    for (String lane : lanes) {
      partitions.put(lane, warmUp(requests, lane, deadline));
    }
    int unused = warmUp(lifecycle, Topics.lifecycle(), deadline);
  }

  /** Who accepts requests here. */
  String member() {
    return member;
  }

  /** How many partitions a lane had when it was warmed up, 1 if it was not. */
  int partitions(String lane) {
    return partitions.getOrDefault(lane, 1);
  }

  private static int warmUp(KafkaProducer<String, ?> producer, String topic, long deadline)
      throws InterruptedException {
    while (true) {
      try {
        return producer.partitionsFor(topic).size();
      } catch (TimeoutException e) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException(
              "Topic " + topic + " cannot be written to; are Weir's topics created?", e);
        }
        Thread.sleep(Duration.ofMillis(10));
      }
    }
  }

  /**
   * Sends a request to its lane; the exchange hears how it went.
   *
   * @param key decides, with the lane, where it goes
   */
  void publish(String lane, LaneKey key, InferenceRequest request, Exchange exchange) {
    long start = System.nanoTime();
    Thread sender = Thread.currentThread();
    Acceptance acceptance = Acceptance.of(request);
    Integer partition = key.partition().isPresent() ? key.partition().getAsInt() : null;
    try {
      var unused =
          requests.send(
              new ProducerRecord<>(lane, partition, key.text(), request),
              (written, failure) -> {
                // The producer's own thread calls for what was sent, this one for what was not:
                // there is no room, it is too large, or the brokers are not known.
                if (failure != null && Thread.currentThread().equals(sender)) {
                  failed(new Produced.NotSent(failure), failure, exchange);
                } else {
                  acked(written, failure, acceptance, exchange, start);
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      // Illegal state: the producer was closed meanwhile.
      failed(new Produced.NotSent(e), e, exchange);
    }
  }

  private void acked(
      RecordMetadata written,
      Exception failure,
      Acceptance acceptance,
      Exchange exchange,
      long start) {
    if (failure != null) {
      failed(new Produced.Failed(failure), failure, exchange);
      return;
    }
    metrics.produced(System.nanoTime() - start);
    exchange.acked(written.partition(), written.offset());
    RecordPointer pointer =
        new RecordPointer(written.topic(), written.partition(), written.offset());
    tell(acceptance.event(member, pointer, Instant.now()));
  }

  private void failed(Produced outcome, Exception failure, Exchange exchange) {
    metrics.produceFailed();
    LOG.debug("request_not_produced request_id={}", exchange.id(), failure);
    exchange.produced(outcome);
  }

  /** Writes an event of a request's life, if there is room; does not wait. */
  void tell(LifecycleEvent event) {
    try {
      var unused =
          lifecycle.send(
              new ProducerRecord<>(Topics.lifecycle(), event.getRequestId(), event),
              (written, failure) -> {
                if (failure != null) {
                  metrics.lifecycleDropped();
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      // Illegal state: the producer was closed meanwhile.
      metrics.lifecycleDropped();
      LOG.debug("event_not_produced request_id={}", event.getRequestId(), e);
    }
  }

  @Override
  public void close() {
    // Clients that still wait were told already.
    requests.close(Duration.ZERO);
    lifecycle.close(LIFECYCLE_CLOSE);
  }
}
