package io.weir.controller.batches;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * What is written of batches, in transactions. There is one such log in a deployment: whoever opens
 * it makes all others' writes fail, and takes back what they left unfinished. After a failure it
 * must be opened anew, and what was written be read, as a commit may have gone through unheard.
 */
final class BatchLog implements AutoCloseable {
  private static final String TRANSACTIONAL_ID = "weir-batches-runner";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A dead runner holds back readers of batch lanes for this long, if nobody takes over. */
  private static final Duration TRANSACTION = Duration.ofSeconds(10);

  private final KafkaProducer<String, SpecificRecord> producer;

  private BatchLog(KafkaProducer<String, SpecificRecord> producer) {
    this.producer = producer;
  }

  /**
   * Opens it; waits until what others left is committed or taken back.
   *
   * @throws KafkaException if that is not possible in time
   */
  static BatchLog open(KafkaSettings kafka, String instance) {
    KafkaProducer<String, SpecificRecord> producer =
        new KafkaProducer<>(
            kafka.producer(
                Map.ofEntries(
                    Map.entry(ProducerConfig.CLIENT_ID_CONFIG, instance + "-batches"),
                    Map.entry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID),
                    Map.entry(
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION.toMillis()),
                    Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                    Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                    Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
                    Map.entry(ProducerConfig.LINGER_MS_CONFIG, 0),
                    Map.entry(
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        TopicLayout.DEFAULT_MAX_RECORD_BYTES),
                    Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis()),
                    Map.entry(
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.dividedBy(2).toMillis()),
                    Map.entry(
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis()))));
    try {
      producer.initTransactions();
      return new BatchLog(producer);
    } catch (KafkaException failure) {
      producer.close(Duration.ZERO);
      throw failure;
    }
  }

  /**
   * Writes all of these, or none.
   *
   * @return where each lies, in the same order
   * @throws KafkaException if it is not known that all were written; then this log is of no more
   *     use
   */
  List<RecordMetadata> commit(List<ProducerRecord<String, SpecificRecord>> records)
      throws InterruptedException {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    for (ProducerRecord<String, SpecificRecord> record : records) {
      sent.add(producer.send(record));
    }
    producer.commitTransaction();
    List<RecordMetadata> written = new ArrayList<>(sent.size());
    try {
      for (Future<RecordMetadata> each : sent) {
        written.add(each.get());
      }
    } catch (ExecutionException failure) {
      throw new KafkaException("A record of a committed transaction failed", failure.getCause());
    }
    return written;
  }

  /** Leaves an unfinished transaction to whoever opens the log next. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
