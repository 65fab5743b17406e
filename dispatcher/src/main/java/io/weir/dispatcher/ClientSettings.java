package io.weir.dispatcher;

import io.weir.routing.fleet.Source;
import io.weir.schemas.DispatcherGroups;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicLayout;
import java.time.Duration;
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

  /**
   * One producer for answers and claims: what gathers while a request is under way leaves in the
   * next one together, where one producer each would make more and smaller requests. Clients wait
   * for answers, and answers for claims, so nothing lingers.
   */
  static Properties producer(KafkaSettings kafka, String member) {
    return producer(kafka, member, Duration.ZERO, 64 * MEBIBYTE);
  }

  /**
   * Another one for last words: nobody waits for them, and a fiftieth of a second puts those of
   * many requests into one append, where each would be one of its own.
   */
  static Properties lastWords(KafkaSettings kafka, String member) {
    return producer(kafka, member + "-last-words", Duration.ofMillis(20), 16 * MEBIBYTE);
  }

  /**
   * Nothing is acknowledged that could be lost, and nothing comes twice or out of order.
   *
   * @param memory all that may wait in this process while Kafka is away or slow, in bytes
   */
  private static Properties producer(
      KafkaSettings kafka, String client, Duration linger, int memory) {
    return kafka.producer(
        Map.ofEntries(
            Map.entry(ProducerConfig.CLIENT_ID_CONFIG, client),
            Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
            Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true"),
            Map.entry(ProducerConfig.LINGER_MS_CONFIG, Long.toString(linger.toMillis())),
            Map.entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1"),
            Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(64 * 1024)),
            // Batches are too small to compress well, and setting up lz4 costs more than their
            // bytes: its buffers, 130 kB a batch, were more than half of all garbage.
            Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"),
            Map.entry(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Integer.toString(TopicLayout.DEFAULT_MAX_RECORD_BYTES)),
            Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(memory)),
            // Attempts wait for room about as long as a lease: after that they are void. The
            // consumer's thread, which writes claims, must be back within max.poll.interval.ms.
            Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, "4000"),
            // What has found room is published if the broker is back within two minutes.
            Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "120000")));
  }
}
