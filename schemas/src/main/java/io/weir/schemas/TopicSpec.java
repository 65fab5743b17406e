package io.weir.schemas;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;

/**
 * One topic as Weir wants it.
 *
 * @param <V> the record it holds
 * @param name the topic's name
 * @param value the generated class of its records
 * @param partitions at least 1
 * @param retention how long records are kept
 * @param replicationFactor at least 1, or -1 for the broker's default
 * @param maxRecordBytes the largest record batch after compression, in bytes
 */
public record TopicSpec<V extends SpecificRecord>(
    String name,
    Class<V> value,
    int partitions,
    Retention retention,
    short replicationFactor,
    int maxRecordBytes) {

  /** Topic configuration by Kafka's keys. */
  public Map<String, String> configs() {
    Map<String, String> configs = new HashMap<>(retention.configs());
    // No process's clock decides retention or order.
    configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRecordBytes));
    return Map.copyOf(configs);
  }
}
