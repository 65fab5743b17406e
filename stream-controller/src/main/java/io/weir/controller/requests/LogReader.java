package io.weir.controller.requests;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.ResponseChunk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads parts of reply partitions. Belongs to one thread. */
public final class LogReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<String, ResponseChunk> consumer;
  private final Duration patience;

  /** Takes chunks, one at a time. */
  public interface Sink {
    void take(long offset, ResponseChunk chunk);
  }

  /**
   * @param patience for one read; what takes longer fails, and is tried again by the caller
   */
  public LogReader(KafkaSettings kafka, String clientId, Duration patience) {
    this.patience = patience;
    this.consumer =
        new KafkaConsumer<>(
            kafka.consumer(
                Map.of(
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    clientId,
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    "false",
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    "20",
                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    Long.toString(patience.toMillis()),
                    // What is older than the log is gone for everyone.
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest")));
  }

  /**
   * Where a partition ends now.
   *
   * @throws KafkaException if Kafka does not say so in time
   */
  long end(TopicPartition partition) {
    // Offsets of a partition that is not assigned make the consumer log a warning for each answer.
    if (!consumer.assignment().equals(Set.of(partition))) {
      consumer.assign(List.of(partition));
    }
    return consumer.endOffsets(List.of(partition)).get(partition);
  }

  /**
   * Reads a partition from an offset to where it ends now.
   *
   * @return where it ends
   * @throws KafkaException if it cannot be read in time
   */
  long read(TopicPartition partition, long from, Sink sink) {
    long end = end(partition);
    read(partition, from, end, sink);
    return end;
  }

  /**
   * Reads a part of a partition.
   *
   * @param end offset to stop before; what is there must have been written
   * @throws KafkaException if it cannot be read in time
   */
  public void read(TopicPartition partition, long from, long end, Sink sink) {
    if (from >= end) {
      return;
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long deadline = System.nanoTime() + patience.toNanos();
    while (consumer.position(partition) < end) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException(
            "%s could not be read from %d to %d within %s"
                .formatted(partition, from, end, patience));
      }
      for (ConsumerRecord<String, ResponseChunk> record : poll()) {
        if (record.offset() < end) {
          sink.take(record.offset(), record.value());
        }
      }
    }
  }

  private Iterable<ConsumerRecord<String, ResponseChunk>> poll() {
    try {
      return consumer.poll(POLL);
    } catch (RecordDeserializationException unreadable) {
      consumer.seek(unreadable.topicPartition(), unreadable.offset() + 1);
      return List.of();
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
