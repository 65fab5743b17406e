package io.weir.controller.requests;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the brokers how far the lifecycle was read, and how far it goes. Any thread may ask; they
 * wait for each other.
 */
final class LifecycleOffsets implements CommittedOffsets, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final KafkaConsumer<String, Object> consumer;

  /**
   * @param instance in whose name it asks
   */
  LifecycleOffsets(KafkaSettings kafka, String instance) {
    consumer =
        new KafkaConsumer<>(
            kafka.consumer(
                Map.of(
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    instance + "-offsets",
                    // It never joins: it asks what the group has committed.
                    ConsumerConfig.GROUP_ID_CONFIG,
                    Topics.requestStateApplication(),
                    ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                    "classic",
                    // What a transaction is about to commit is waited for.
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_committed",
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    "false",
                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    Long.toString(PATIENCE.toMillis()))));
  }

  @Override
  public synchronized long next(int partition) {
    TopicPartition lifecycle = new TopicPartition(Topics.lifecycle(), partition);
    OffsetAndMetadata committed = consumer.committed(Set.of(lifecycle)).get(lifecycle);
    return committed == null ? 0 : committed.offset();
  }

  /**
   * Where a partition ends now.
   *
   * @throws KafkaException if the brokers do not say so in time
   */
  synchronized long end(int partition) {
    TopicPartition lifecycle = new TopicPartition(Topics.lifecycle(), partition);
    // Offsets of a partition that is not assigned make the consumer log a warning for each answer.
    if (!consumer.assignment().contains(lifecycle)) {
      consumer.assign(List.of(lifecycle));
    }
    return consumer.endOffsets(List.of(lifecycle)).get(lifecycle);
  }

  @Override
  public synchronized void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
