package io.weir.dispatcher;

import io.weir.schemas.LanePosition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each lane partition is read, and where it ended when something was last read from it. The
 * consumer's thread asks the consumer every now and then; anyone may read what it said.
 */
final class LanePositions {
  private static final Logger LOG = LoggerFactory.getLogger(LanePositions.class);
  private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

  /**
   * Between two questions where a partition ends. The consumer takes a quarter of a millisecond
   * over each, so they are spread, and only asked of paused partitions: what is open is read at
   * once.
   */
  private static final long ASK_NANOS = Duration.ofMillis(5).toNanos();

  private final Consumer<String, LaneRecord> consumer;
  private final Map<TopicPartition, LanePosition> seen = new ConcurrentHashMap<>();
  private long lookedAt = System.nanoTime() - LOOK_NANOS;
  private long askedAt = lookedAt;
  private int next;

  LanePositions(Consumer<String, LaneRecord> consumer) {
    this.consumer = consumer;
  }

  /**
   * Asks the consumer, unless it was asked a moment ago. To be called by its own thread.
   *
   * @return true if anything was learned
   */
  boolean look(Set<TopicPartition> lanes, List<TopicPartition> paused) {
    long now = System.nanoTime();
    boolean learned = false;
    if (now - lookedAt >= LOOK_NANOS) {
      lookedAt = now;
      seen.keySet().retainAll(lanes);
      lanes.forEach(lane -> ask(lane, /* behind= */ Optional.empty()));
      learned = true;
    }
    if (!paused.isEmpty() && now - askedAt >= ASK_NANOS) {
      askedAt = now;
      next = next + 1 < paused.size() ? next + 1 : 0;
      TopicPartition lane = paused.get(next);
      ask(lane, lag(lane));
      learned = true;
    }
    return learned;
  }

  private void ask(TopicPartition lane, Optional<Long> behind) {
    try {
      long position = consumer.position(lane, Duration.ZERO);
      LanePosition before = seen.get(lane);
      long known = before == null ? position : Math.max(position, before.getEnd());
      long end = behind.map(lag -> position + lag).orElse(known);
      seen.put(lane, new LanePosition(lane.partition(), position, end));
    } catch (KafkaException | IllegalStateException unknown) {
      // Just assigned, or just taken away: what was known of it before is as good as anything.
      LOG.debug("position not known lane={}: {}", lane, unknown.toString());
    }
  }

  private Optional<Long> lag(TopicPartition lane) {
    try {
      var lag = consumer.currentLag(lane);
      return lag.isPresent() ? Optional.of(lag.getAsLong()) : Optional.empty();
    } catch (KafkaException | IllegalStateException unknown) {
      LOG.debug("end not known lane={}: {}", lane, unknown.toString());
      return Optional.empty();
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
