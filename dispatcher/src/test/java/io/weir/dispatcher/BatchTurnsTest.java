package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BatchTurnsTest {
  private static final TopicPartition FLOODED = new TopicPartition("batch", 0);
  private static final TopicPartition QUIET = new TopicPartition("batch", 1);
  private static final Set<TopicPartition> BOTH = Set.of(FLOODED, QUIET);

  private final BatchTurns turns = new BatchTurns();
  private final Map<TopicPartition, Double> taken = new HashMap<>();

  private void take(TopicPartition lane, double tokens, int requests) {
    for (int i = 0; i < requests; i++) {
      turns.taken(lane, tokens, 0);
      taken.merge(lane, tokens, Double::sum);
    }
  }

  /** Takes polls of 50 requests from whichever may be read, each lane's of its own size. */
  private void read(Set<TopicPartition> behind, int polls, double floodedTokens) {
    for (int i = 0; i < polls; i++) {
      turns.review(BOTH, behind, 0);
      for (TopicPartition lane : behind) {
        if (!turns.held().contains(lane)) {
          take(lane, lane.equals(FLOODED) ? floodedTokens : 100, 50);
        }
      }
    }
  }

  @Test
  void partitionsShareByTokens() {
    read(BOTH, 200, 1000);
    assertThat(taken.get(QUIET) / taken.get(FLOODED)).isBetween(0.8, 1.2);
  }

  @Test
  void onePartitionAloneIsNeverHeld() {
    read(Set.of(FLOODED), 50, 100);
    assertThat(turns.held()).isEmpty();
  }

  @Test
  void whatWasEmptyIsNotOwedAnything() {
    // Given
    read(Set.of(FLOODED), 100, 100);
    double before = taken.get(FLOODED);

    // When something comes into the other
    read(BOTH, 20, 100);

    // Then they share from then on
    assertThat(taken.get(FLOODED) - before).isGreaterThan(0.5 * taken.get(QUIET));
  }

  @Test
  void aPartitionFromWhichNothingComesHoldsNobodyUp() {
    // Given
    turns.review(BOTH, BOTH, 0);
    take(FLOODED, 100, 500);
    turns.review(BOTH, BOTH, 0);
    assertThat(turns.held()).containsExactly(FLOODED);

    // When
    turns.review(BOTH, BOTH, Duration.ofMillis(1001).toNanos());

    // Then
    assertThat(turns.held()).isEmpty();
  }
}
