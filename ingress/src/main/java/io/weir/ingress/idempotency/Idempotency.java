package io.weir.ingress.idempotency;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.ingress.leave.Marker;
import io.weir.schemas.IdempotentRequest;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which request each idempotency key stands for. A key is taken by writing a record of it and
 * reading the topic until a record of the key comes: the first one in its partition wins, so that
 * two ingresses cannot both win, and as the request was written before, a key never points at
 * nothing.
 *
 * <p>The topic is compacted, which keeps the last record of a key. A loser's record would therefore
 * outlive the winner's, so the loser repeats what the winner wrote.
 */
public final class Idempotency implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);

  /** How long a key stands for its request: the topic's retention. */
  private static final Duration LIFE = Duration.ofDays(3);

  private final KeyTable table;
  private final Clock clock;
  private final Duration patience;
  private final KafkaProducer<String, SpecificRecord> producer;
  private final TopicFollower follower;

  /** How a key is settled. */
  public sealed interface Claim {
    /** It stands for this request: the one that was to take it, or an earlier one. */
    record Settled(IdempotentRequest winner) implements Claim {}

    /** The brokers did not say so in time; it may be either way. */
    record Unknown() implements Claim {}
  }

  /** What is known of a key. */
  public sealed interface Lookup {
    /** It stands for a request. */
    record Taken(IdempotentRequest request) implements Lookup {}

    /** It stands for none. */
    record Free() implements Lookup {}

    /** Not all of the topic is known here: it was not read to its end yet. */
    record NotReady() implements Lookup {}

    /** Not all of the topic is known here: there are more keys than there is room for. */
    record NoRoom() implements Lookup {}
  }

  /**
   * Begins to read the topic.
   *
   * @param instance this ingress
   * @param most keys held at once
   * @param patience how long to wait for the brokers
   * @param markers hears what other ingresses tell, once the topic was read to its end
   */
  public Idempotency(
      KafkaSettings kafka,
      String instance,
      int most,
      Duration patience,
      Clock clock,
      Consumer<Marker> markers,
      MeterRegistry metrics) {
    this.table = new KeyTable(most, LIFE);
    this.clock = clock;
    this.patience = patience;
    int ackMillis = Math.toIntExact(patience.toMillis());
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
                    ProducerConfig.BUFFER_MEMORY_CONFIG,
                    8L << 20,
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    patience.toMillis(),
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    ackMillis,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    ackMillis,
                    ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                    Duration.ofDays(7).toMillis())));
    metrics.gauge("weir.ingress.idempotency.keys", table, KeyTable::size);
    this.follower =
        TopicFollower.start(
            kafka,
            instance + "-idempotency",
            List.of(Topics.idempotency()),
            Start.BEGINNING,
            new Reader(table, markers));
  }

  private static final class Reader implements TopicFollower.Listener {
    private final KeyTable table;
    private final Consumer<Marker> markers;
    private boolean caughtUp;

    Reader(KeyTable table, Consumer<Marker> markers) {
      this.table = table;
      this.markers = markers;
    }

    @Override
    public void record(ConsumerRecord<String, SpecificRecord> record) {
      if (record.value() instanceof IdempotentRequest request) {
        table.apply(record.key(), request, record.timestamp());
      } else if (caughtUp) {
        Marker.of(record.key()).ifPresent(markers);
      }
    }

    @Override
    public void caughtUp() {
      caughtUp = true;
    }
  }

  /** What a key stands for. Waits a while if the topic was not read to its end yet. */
  public Lookup find(String key) throws InterruptedException {
    if (!follower.awaitCaughtUp(patience)) {
      return new Lookup.NotReady();
    }
    return switch (table.find(key, clock.millis())) {
      case KeyTable.Known.Request(IdempotentRequest request) -> new Lookup.Taken(request);
      case KeyTable.Known.Free free -> new Lookup.Free();
      case KeyTable.Known.Unknown unknown -> new Lookup.NoRoom();
    };
  }

  /**
   * Takes a key for a request that is durable; waits until it is known who has it.
   *
   * @return who has it
   */
  public Claim claim(String key, IdempotentRequest request) throws InterruptedException {
    CompletableFuture<IdempotentRequest> first = table.next(key);
    try {
      // Written after listening, so that its own record cannot be missed.
      if (table.find(key, clock.millis()) instanceof KeyTable.Known.Request known) {
        return new Claim.Settled(known.request());
      }
      write(key, request);
      IdempotentRequest winner = first.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!winner.getRequestId().equals(request.getRequestId())) {
        write(key, winner);
      }
      return new Claim.Settled(winner);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("key_not_settled request_id={}", request.getRequestId(), e);
      return new Claim.Unknown();
    } finally {
      table.forget(key, first);
    }
  }

  private void write(String key, IdempotentRequest request) {
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.idempotency(), key, request),
              (written, failure) -> {
                if (failure != null) {
                  LOG.debug("key_not_written request_id={}", request.getRequestId(), failure);
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      // Nobody will read it back, which is how the caller learns of it.
      LOG.debug("key_not_written request_id={}", request.getRequestId(), e);
    }
  }

  @Override
  public void close() {
    follower.close();
    producer.close(Duration.ZERO);
  }
}
