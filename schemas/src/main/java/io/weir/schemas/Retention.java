package io.weir.schemas;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How long a topic keeps its records; older ones are deleted.
 *
 * @param time positive
 */
public record Retention(Duration time) {
  /** A segment is deleted as a whole, so it may hold at most this part of the retention. */
  private static final int SEGMENTS = 8;

  public Retention {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("A retention must be longer than zero, not " + time + ".");
    }
  }

  Map<String, String> configs() {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG,
        Long.toString(time.toMillis()),
        // Without it a quiet topic keeps one segment open for a week, whatever its retention.
        TopicConfig.SEGMENT_MS_CONFIG,
        Long.toString(Math.max(1, time.toMillis() / SEGMENTS)));
  }
}
