package io.weir.ingress.reply;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.ResponseChunk;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * A partition that answers come in: an address, not property. Several ingresses may have the same
 * one.
 *
 * @param kafka how to reach Kafka
 * @param partition the topic and partition
 */
public record ReplyPartition(KafkaSettings kafka, TopicPartition partition) {
  /**
   * Chooses the partition by a hash of the instance's id.
   *
   * @throws IllegalStateException if the topic cannot be seen within the time
   */
  public static ReplyPartition choose(
      KafkaSettings kafka, String topic, String instance, Duration within) {
    try (KafkaConsumer<String, ResponseChunk> consumer = consumer(kafka, Map.of())) {
      int partitions = consumer.partitionsFor(topic, within).size();
      if (partitions == 0) {
        throw new IllegalStateException(
            "Topic " + topic + " does not exist; create Weir's topics first.");
      }
      int chosen = Math.floorMod(instance.hashCode() * 0x9E3779B9, partitions);
      return new ReplyPartition(kafka, new TopicPartition(topic, chosen));
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "Kafka at %s did not describe topic %s within %s."
              .formatted(kafka.bootstrapServers(), topic, within),
          e);
    }
  }

  /**
   * A consumer of reply partitions, of no group and with nothing assigned yet.
   *
   * @param fetchBytes how much one fetch brings, unless a single record is larger
   * @param fetchWaitMillis how long a fetch waits at the end of the log
   */
  static KafkaConsumer<String, ResponseChunk> consumer(
      KafkaSettings kafka, int fetchBytes, int fetchWaitMillis) {
    return consumer(
        kafka,
        Map.of(
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            fetchBytes,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            fetchBytes,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            fetchWaitMillis));
  }

  private static KafkaConsumer<String, ResponseChunk> consumer(
      KafkaSettings kafka, Map<String, Object> more) {
    Map<String, Object> overrides = new HashMap<>(more);
    // No group: nothing to commit, nobody to share with.
    overrides.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // The classic consumer fetches on the polling thread; the newer one hands over between two.
    overrides.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    // A position that is gone must be noticed, not silently replaced.
    overrides.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    // A transaction left open by a dying controller must not hold up every answer. An aborted RESET
    // is harmless: the controller comes to the same decision again.
    overrides.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    return new KafkaConsumer<>(kafka.consumer(overrides));
  }
}
