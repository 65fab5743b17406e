package io.weir.controller.batches;

import io.weir.schemas.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads some partitions. Belongs to one thread. */
final class TopicCursor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCursor.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<String, SpecificRecord> consumer;
  private final Duration patience;

  /**
   * @param isolation whether what is not committed yet is waited for, or read
   * @param patience for any progress
   */
  TopicCursor(KafkaSettings kafka, String clientId, IsolationLevel isolation, Duration patience) {
    this.patience = patience;
    this.consumer =
        new KafkaConsumer<>(
            kafka.consumer(
                Map.of(
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    clientId,
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    "false",
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    isolation.toString().toLowerCase(Locale.ROOT),
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    "100",
                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    Long.toString(patience.toMillis()))));
  }

  int partitions(String topic) {
    return consumer.partitionsFor(topic).size();
  }

  long end(TopicPartition partition) {
    return consumer.endOffsets(List.of(partition)).get(partition);
  }

  /** Reads a partition too, from here on, unless it does so already. */
  void follow(TopicPartition partition, long offset) {
    if (!consumer.assignment().contains(partition)) {
      List<TopicPartition> all = new ArrayList<>(consumer.assignment());
      all.add(partition);
      consumer.assign(all);
      consumer.seek(partition, offset);
    }
  }

  /** Gives what is there, or comes within a time. */
  void poll(Duration within, Consumer<ConsumerRecord<String, SpecificRecord>> reader) {
    if (consumer.assignment().isEmpty()) {
      return;
    }
    try {
      consumer.poll(within).forEach(reader);
    } catch (RecordDeserializationException unreadable) {
      LOG.warn(
          "record_skipped topic={} offset={} cause={}",
          unreadable.topicPartition().topic(),
          unreadable.offset(),
          String.valueOf(unreadable.getCause()));
      consumer.seek(unreadable.topicPartition(), unreadable.offset() + 1);
    }
  }

  /**
   * Reads a followed partition to where it ends now.
   *
   * @throws TimeoutException if it cannot be read in time
   */
  void readOn(TopicPartition partition, Consumer<ConsumerRecord<String, SpecificRecord>> reader) {
    long end = end(partition);
    long progressed = System.nanoTime();
    long position = consumer.position(partition);
    while (position < end) {
      poll(POLL, reader);
      long next = consumer.position(partition);
      progressed = next > position ? System.nanoTime() : progressed;
      position = next;
      if (System.nanoTime() - progressed > patience.toNanos()) {
        throw new TimeoutException(partition + " cannot be read to its end in time");
      }
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
