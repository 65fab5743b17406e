package io.weir.routing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CommitPositionTest {
  @Test
  void nothingIsCommittedBeforeTheFirstIsSettled() {
    CommitPosition position = new CommitPosition();
    position.taken(10);
    position.taken(11);
    assertThat(position.position()).isEmpty();
    position.settled(11);
    assertThat(position.position()).isEmpty();
    position.settled(10);
    assertThat(position.position()).hasValue(12);
  }

  @Test
  void aReadRecordCannotBeTakenAgain() {
    CommitPosition position = new CommitPosition();
    position.taken(10);
    assertThatThrownBy(() -> position.taken(10)).isInstanceOf(IllegalArgumentException.class);
    position.settled(10);
    assertThatThrownBy(() -> position.taken(10)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isTheEndOfTheSettledPrefixInAnyOrder() {
    for (int round = 0; round < 200; round++) {
      SplittableRandom random = new SplittableRandom(round);
      CommitPosition position = new CommitPosition();
      TreeSet<Long> open = new TreeSet<>();
      List<Long> all = new ArrayList<>();
      long offset = random.nextLong(1000);
      for (int step = 0; step < 600; step++) {
        if (random.nextInt(5) < 3 || open.isEmpty()) {
          offset += random.nextInt(10) == 0 ? random.nextInt(1, 5) : 1;
          position.taken(offset);
          open.add(offset);
          all.add(offset);
        } else {
          List<Long> candidates = new ArrayList<>(open);
          Long settled = candidates.get(random.nextInt(candidates.size()));
          open.remove(settled);
          position.settled(settled);
        }
        List<Long> prefix =
            all.stream().takeWhile(one -> open.isEmpty() || one < open.first()).toList();
        if (prefix.isEmpty()) {
          assertThat(position.position()).as("seed %d", round).isEmpty();
        } else {
          assertThat(position.position()).as("seed %d", round).hasValue(prefix.getLast() + 1);
        }
        assertThat(position.pending()).isEqualTo(all.size() - prefix.size());
      }
    }
  }
}
