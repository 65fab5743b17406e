package io.weir.dispatcher;

import io.weir.schemas.LanePosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each lane partition is read, and where it ended when it was last asked for. The consumer
 * is asked by its own thread every now and then; anyone may read what it said.
 */
final class LanePositions {
  /** Asking where a partition ends takes the consumer a moment. */
  private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

  private final Consumer<String, LaneRecord> consumer;
  private volatile Map<TopicPartition, LanePosition> seen = Map.of();
  private long lookedAt = System.nanoTime() - LOOK_NANOS;

  LanePositions(Consumer<String, LaneRecord> consumer) {
    this.consumer = consumer;
  }

  /**
   * Asks the consumer, unless it was asked a moment ago. To be called by its own thread.
   *
   * @return true if it was asked
   */
  boolean look(Set<TopicPartition> lanes) {
    long now = System.nanoTime();
    if (now - lookedAt < LOOK_NANOS) {
      return false;
    }
    lookedAt = now;
    Map<TopicPartition, LanePosition> fresh = new HashMap<>();
    for (TopicPartition lane : lanes) {
      ask(lane, fresh);
    }
    seen = Map.copyOf(fresh);
    return true;
  }

  private void ask(TopicPartition lane, Map<TopicPartition, LanePosition> fresh) {
    try {
      long position = consumer.position(lane, Duration.ZERO);
      OptionalLong lag = consumer.currentLag(lane);
      fresh.put(lane, new LanePosition(lane.partition(), position, position + lag.orElse(0)));
    } catch (KafkaException | IllegalStateException unknown) {
      // Just assigned, or just taken away: what was known of it is as good as anything.
      LanePosition before = seen.get(lane);
      if (before != null) {
        fresh.put(lane, before);
      }
    }
  }

  /**
   * What is known of a partition; empty if nothing is.
   *
   * @param taken offset after the last record that was taken since; −1 if none was
   */
  Optional<LanePosition> of(TopicPartition lane, long taken) {
    LanePosition known = seen.get(lane);
    if (known == null && taken < 0) {
      return Optional.empty();
    }
    long position = known == null ? taken : Math.max(known.getPosition(), taken);
    long end = known == null ? position : Math.max(position, known.getEnd());
    return Optional.of(new LanePosition(lane.partition(), position, end));
  }
}
