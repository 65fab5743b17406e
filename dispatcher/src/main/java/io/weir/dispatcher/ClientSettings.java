package io.weir.dispatcher;

import io.weir.routing.fleet.Source;
import io.weir.schemas.DispatcherGroups;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** How a dispatcher's Kafka clients are set up, and why. */
final class ClientSettings {
  private static final int MEBIBYTE = 1024 * 1024;

  private ClientSettings() {}

  static Properties consumer(KafkaSettings kafka, Source source, String member, LaneConfig lanes) {
    Properties properties =
        kafka.consumer(
            Map.ofEntries(
                Map.entry(ConsumerConfig.CLIENT_ID_CONFIG, member + "-lanes"),
                Map.entry(ConsumerConfig.GROUP_ID_CONFIG, DispatcherGroups.of(source.name())),
                Map.entry(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer"),
                // Every dispatcher gets a part of every lane; the default may give one of them all
                // partitions of the lane that matters.
                Map.entry(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, "range"),
                // Requests that came before the first dispatcher are to be run too.
                Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                // Lines of batches come in transactions; one that was taken back must not run.
                Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
                Map.entry(
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(lanes.pollRecords())),
                // A poll does no work that takes long; one that does not come is a dead
                // dispatcher's.
                Map.entry(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, "10000"),
                Map.entry(
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    Long.toString(lanes.fetchWait().toMillis())),
                Map.entry(
                    ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                    Integer.toString(lanes.fetchBytes().toIntBytes())),
                Map.entry(
                    ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                    Integer.toString(lanes.partitionFetchBytes().toIntBytes()))));
    return reading(properties);
  }

  /** For single requests anywhere in their lanes: without a group, and one record at a time. */
  static Properties originals(KafkaSettings kafka, String member, int reader) {
    return reading(
        kafka.consumer(
            Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                member + "-originals-" + reader,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                "false",
                // A record that has been deleted is not to be mistaken for the one after it.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                "1",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // A batch comes whole even if it is larger.
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                Integer.toString(64 * 1024))));
  }

  /** For one attempt's text, which lies among others'. */
  static Properties replies(KafkaSettings kafka, String member, int reader) {
    return kafka.consumer(
        Map.of(
            ConsumerConfig.CLIENT_ID_CONFIG,
            member + "-replies-" + reader,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            "false",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none"));
  }

  /** Whatever deserializer is configured does the reading; ours keeps it from stopping a lane. */
  private static Properties reading(Properties properties) {
    String deserializer = ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG;
    properties.put(LaneDeserializer.DELEGATE, properties.get(deserializer));
    properties.put(deserializer, LaneDeserializer.class.getName());
    return properties;
  }

  /** Clients wait for every record: none lingers, and records gather while two are on their way. */
  static Properties responses(KafkaSettings kafka, String member) {
    return durable(
        kafka,
        Map.of(
            ProducerConfig.CLIENT_ID_CONFIG,
            member + "-responses",
            ProducerConfig.LINGER_MS_CONFIG,
            "0",
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
            "2",
            ProducerConfig.BATCH_SIZE_CONFIG,
            Integer.toString(64 * 1024),
            // Batches are too small to compress well, and setting up lz4 costs more than their
            // bytes.
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "none",
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            Integer.toString(TopicLayout.DEFAULT_MAX_RECORD_BYTES),
            // All that engines can put into this process while Kafka is away or slow.
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            Integer.toString(64 * MEBIBYTE),
            // Attempts wait for room for somewhat longer than a lease: after that they are void.
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            "5000",
            // What has found room is published if the broker is back within two minutes.
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            "120000"));
  }

  /**
   * Answers wait for claims: none lingers, and events gather and are compressed while two requests
   * are on their way.
   */
  static Properties lifecycle(KafkaSettings kafka, String member) {
    return durable(
        kafka,
        Map.of(
            ProducerConfig.CLIENT_ID_CONFIG,
            member + "-lifecycle",
            ProducerConfig.LINGER_MS_CONFIG,
            "0",
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
            "2",
            ProducerConfig.BATCH_SIZE_CONFIG,
            Integer.toString(128 * 1024),
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            Integer.toString(32 * MEBIBYTE),
            // The consumer's thread writes claims: it must be back well within
            // max.poll.interval.ms.
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            "2000",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            "120000"));
  }

  /** Nothing is acknowledged that could be lost, and nothing comes twice or out of order. */
  private static Properties durable(KafkaSettings kafka, Map<String, String> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    return kafka.producer(all);
  }
}
