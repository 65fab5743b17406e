package io.weir.dispatcher;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions of one pool's batch lane are read: those from which the least was taken, in
 * tokens. A lane keeps no order but its own, and each partition holds a few tenants' requests, so a
 * tenant that sends millions has to share with those in its partitions only. A partition that was
 * empty is lifted to the lowest of the others. Used by the consumer's thread.
 */
final class BatchTurns {
  /** How far a partition may be ahead of the last one, in requests of mean cost. */
  private static final double AHEAD = 64;

  /** Weight of one more request in the mean cost. */
  private static final double GAIN = 0.02;

  /** A partition from which nothing comes for so long does not hold the others up. */
  private static final long STALLED_NANOS = Duration.ofSeconds(1).toNanos();

  private final Map<TopicPartition, Double> taken = new HashMap<>();
  private final Set<TopicPartition> behindBefore = new HashSet<>();
  private Set<TopicPartition> held = Set.of();
  private double meanCost = 1;
  private long progressAt;

  /** A request was taken from a partition. */
  void taken(TopicPartition lane, double tokens, long now) {
    taken.merge(lane, tokens, Double::sum);
    meanCost += GAIN * (tokens - meanCost);
    progressAt = now;
  }

  /**
   * Sees whose turn it is.
   *
   * @param lanes the partitions that are read here
   * @param behind those of them that something is known to lie in
   */
  void review(Set<TopicPartition> lanes, Set<TopicPartition> behind, long now) {
    taken.keySet().retainAll(lanes);
    double lowest = lowest(behind, behindBefore);
    if (lowest == Double.POSITIVE_INFINITY) {
      lowest = lowest(behind, behind);
    }
    for (TopicPartition lane : behind) {
      if (!behindBefore.contains(lane)) {
        taken.merge(lane, lowest, Math::max);
      }
    }
    behindBefore.clear();
    behindBefore.addAll(behind);
    held = now - progressAt > STALLED_NANOS ? Set.of() : ahead(behind, lowest);
  }

  private Set<TopicPartition> ahead(Set<TopicPartition> behind, double lowest) {
    Set<TopicPartition> ahead = new HashSet<>();
    for (TopicPartition lane : behind) {
      if (taken.getOrDefault(lane, 0.0) > lowest + AHEAD * meanCost) {
        ahead.add(lane);
      }
    }
    return ahead;
  }

  private double lowest(Set<TopicPartition> lanes, Set<TopicPartition> among) {
    double lowest = Double.POSITIVE_INFINITY;
    for (TopicPartition lane : lanes) {
      if (among.contains(lane)) {
        lowest = Math.min(lowest, taken.getOrDefault(lane, 0.0));
      }
    }
    return lowest;
  }

  /** The partitions that are not to be read now. */
  Set<TopicPartition> held() {
    return held;
  }
}
