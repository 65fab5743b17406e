package io.weir.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** How long a topic keeps its records. */
public sealed interface Retention {
  /**
   * Old records are deleted.
   *
   * @param time positive
   */
  record Delete(Duration time) implements Retention {
    public Delete {
      requirePositive(time);
    }
  }

  /** The last record of every key is kept for good. */
  record Compact() implements Retention {}

  /**
   * The last record of every key is kept until it is old.
   *
   * @param time positive
   */
  record CompactAndDelete(Duration time) implements Retention {
    public CompactAndDelete {
      requirePositive(time);
    }
  }

  /** Configuration by Kafka's keys. */
  default Map<String, String> configs() {
    return switch (this) {
      case Delete(Duration time) -> deletion(TopicConfig.CLEANUP_POLICY_DELETE, time);
      case Compact() ->
          Map.of(
              TopicConfig.CLEANUP_POLICY_CONFIG,
              TopicConfig.CLEANUP_POLICY_COMPACT,
              // What is not in a closed segment is not compacted, and every start reads all of it.
              TopicConfig.SEGMENT_MS_CONFIG,
              Long.toString(Duration.ofHours(1).toMillis()));
      case CompactAndDelete(Duration time) ->
          deletion(
              TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE, time);
    };
  }

  private static Map<String, String> deletion(String policy, Duration time) {
    // A segment is deleted as a whole, so it may hold at most this part of the retention.
    int segments = 8;
    Map<String, String> configs = new HashMap<>();
    configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, policy);
    configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(time.toMillis()));
    // Without it a quiet topic keeps one segment open for a week, whatever its retention.
    configs.put(
        TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Math.max(1, time.toMillis() / segments)));
    return configs;
  }

  private static void requirePositive(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("A retention must be longer than zero, not " + time + ".");
    }
  }
}
