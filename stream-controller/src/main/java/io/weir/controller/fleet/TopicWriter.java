package io.weir.controller.fleet;

import io.weir.schemas.KafkaSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Writes to compacted topics, and waits until all copies have what was written. */
public final class TopicWriter implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration FLUSH = Duration.ofSeconds(1);

  private final KafkaProducer<String, SpecificRecord> producer;

  /**
   * @param client its name to the brokers
   */
  public TopicWriter(KafkaSettings kafka, String client) {
    this.producer =
        new KafkaProducer<>(
            kafka.producer(
                Map.of(
                    ProducerConfig.CLIENT_ID_CONFIG,
                    client,
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    "true",
                    ProducerConfig.LINGER_MS_CONFIG,
                    "0",
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    "2000",
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    Long.toString(PATIENCE.toMillis()),
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    "2000",
                    ProducerConfig.BUFFER_MEMORY_CONFIG,
                    Integer.toString(16 << 20))));
  }

  /**
   * Writes all of these, where an empty value removes its key.
   *
   * @return where each lies
   * @throws FleetWriteException if one could not be written; others may have been
   */
  public <V extends SpecificRecord> Map<String, Long> write(
      String topic, Map<String, Optional<V>> values)
      throws FleetWriteException, InterruptedException {
    Map<String, Future<RecordMetadata>> sent = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Optional<V>> each : values.entrySet()) {
        sent.put(
            each.getKey(),
            producer.send(
                new ProducerRecord<>(topic, each.getKey(), each.getValue().orElse(null))));
      }
      Map<String, Long> offsets = new LinkedHashMap<>();
      for (Map.Entry<String, Future<RecordMetadata>> each : sent.entrySet()) {
        RecordMetadata lies = each.getValue().get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        offsets.put(each.getKey(), lies.offset());
      }
      return offsets;
    } catch (ExecutionException | TimeoutException | KafkaException failure) {
      Throwable cause = failure instanceof ExecutionException ? failure.getCause() : failure;
      throw new FleetWriteException(
          "Kafka did not take the change to %s: %s".formatted(topic, cause.getMessage()), cause);
    }
  }

  @Override
  public void close() {
    producer.close(FLUSH);
  }
}
