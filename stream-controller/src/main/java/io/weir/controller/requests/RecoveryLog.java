package io.weir.controller.requests;

import io.weir.schemas.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records and waits until they are written. It writes outside the topology's transactions:
 * readers of answers do not wait for those, and the order of what is written is kept by waiting.
 */
final class RecoveryLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryLog.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Producer<String, SpecificRecord> producer;

  RecoveryLog(KafkaSettings kafka, String clientId) {
    this.producer =
        new KafkaProducer<>(
            kafka.producer(
                Map.of(
                    ProducerConfig.CLIENT_ID_CONFIG,
                    clientId,
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    "true",
                    ProducerConfig.LINGER_MS_CONFIG,
                    "0",
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    Long.toString(PATIENCE.toMillis()),
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    Long.toString(PATIENCE.dividedBy(2).toMillis()),
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    Long.toString(PATIENCE.toMillis()))));
  }

  /**
   * Writes all of them.
   *
   * @return where each was written, in the same order; empty for what was not, as far as is known
   */
  List<Optional<RecordMetadata>> write(List<ProducerRecord<String, SpecificRecord>> records)
      throws InterruptedException {
    List<Optional<Future<RecordMetadata>>> sent = new ArrayList<>();
    for (ProducerRecord<String, SpecificRecord> record : records) {
      sent.add(send(record));
    }
    List<Optional<RecordMetadata>> written = new ArrayList<>();
    for (Optional<Future<RecordMetadata>> each : sent) {
      written.add(each.isEmpty() ? Optional.empty() : await(each.get()));
    }
    return written;
  }

  private Optional<Future<RecordMetadata>> send(ProducerRecord<String, SpecificRecord> record) {
    try {
      return Optional.of(producer.send(record));
    } catch (KafkaException failure) {
      LOG.warn("not_written topic={} cause={}", record.topic(), failure.toString());
      return Optional.empty();
    }
  }

  private static Optional<RecordMetadata> await(Future<RecordMetadata> sent)
      throws InterruptedException {
    try {
      return Optional.of(sent.get());
    } catch (ExecutionException failure) {
      LOG.warn("not_written cause={}", String.valueOf(failure.getCause()));
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
