package io.weir.launcher.chaos;

import io.weir.schemas.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads whole topics, from the beginning to where they end now, and later what was added. */
final class LogReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<String, SpecificRecord> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();

  /**
   * @param isolation Kafka's {@code isolation.level}
   */
  LogReader(KafkaSettings kafka, List<String> topics, String isolation) {
    this.consumer =
        new KafkaConsumer<>(
            kafka.consumer(
                Map.of(
                    "isolation.level",
                    isolation,
                    "auto.offset.reset",
                    "earliest",
                    "enable.auto.commit",
                    "false",
                    "fetch.max.bytes",
                    "4194304",
                    "max.partition.fetch.bytes",
                    "262144")));
    for (String topic : topics) {
      consumer
          .partitionsFor(topic)
          .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads up to where the topics end when this is called. */
  void readOn(Consumer<ConsumerRecord<String, SpecificRecord>> reader) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(POLL).forEach(reader);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
