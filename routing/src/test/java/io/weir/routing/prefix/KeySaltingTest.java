package io.weir.routing.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.hash.Hashing;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeySaltingTest {
  private static final int PARTITIONS = 8;
  private static final long HOT = 7;

  private final AtomicLong nanos = new AtomicLong();
  private final KeySalting salting = new KeySalting(PARTITIONS, nanos::get);

  @Test
  void keysOfAFairShareStayWhole() {
    // Given eight keys that share a lane of eight partitions
    for (int i = 0; i < 4000; i++) {
      // When / Then
      assertThat(salting.pieces(Hashing.mix(i % PARTITIONS))).isEqualTo(1);
    }
  }

  @Test
  void aRareKeyStaysWholeWhateverItsShare() {
    for (int i = 0; i < KeySalting.MIN_COUNT - 1; i++) {
      assertThat(salting.pieces(HOT)).isEqualTo(1);
    }
    assertThat(salting.pieces(HOT)).isGreaterThan(1);
  }

  @Test
  void aHotKeyIsSplitUntilEveryPieceIsWithinTheBound() {
    // Given a key of half the traffic of eight partitions
    Random random = new Random(1);
    Map<Integer, Integer> pieces = new HashMap<>();
    int hot = 0;
    for (int i = 0; i < 40_000; i++) {
      // When its requests come from many sessions
      if (random.nextBoolean()) {
        int count = salting.pieces(HOT);
        if (i > 4000) {
          hot++;
          pieces.merge(salting.salt(HOT, count, Hashing.mix(random.nextInt(500))), 1, Integer::sum);
        }
      } else {
        salting.pieces(random.nextLong());
      }
    }

    // Then 0.5 x 8 / 1.25 pieces are enough
    assertThat(pieces).hasSize(4);
    double fair = 2.0 * hot / PARTITIONS;
    assertThat(pieces.values())
        .allSatisfy(count -> assertThat(count / fair).isLessThanOrEqualTo(KeySalting.BOUND * 1.05));
  }

  @Test
  void companionsStayTogetherWhileTheirPieceHasRoom() {
    // Given a key that is all of the traffic, from a hundred sessions
    Random random = new Random(2);
    Map<Integer, Set<Integer>> piecesOf = new HashMap<>();
    int moved = 0;
    int all = 0;
    Map<Integer, Integer> last = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      int session = random.nextInt(1000);
      int count = salting.pieces(HOT);
      if (count > 1) {
        int piece = salting.salt(HOT, count, Hashing.mix(session));
        piecesOf.computeIfAbsent(session, any -> new HashSet<>()).add(piece);
        Integer before = last.put(session, piece);
        if (before != null) {
          all++;
          moved += before == piece ? 0 : 1;
        }
      }
    }

    // Then few requests leave the piece of their session
    assertThat((double) moved / all).isLessThan(0.05);
  }

  @Test
  void oneCompanionThatIsAllTheTrafficIsSpread() {
    Map<Integer, Integer> pieces = new HashMap<>();
    for (int i = 0; i < 8000; i++) {
      int count = salting.pieces(HOT);
      if (count > 1) {
        pieces.merge(salting.salt(HOT, count, 42), 1, Integer::sum);
      }
    }
    assertThat(pieces).hasSize(7);
    assertThat(pieces.values())
        .allSatisfy(count -> assertThat(count).isLessThan(8000 * 5 / 4 * 11 / 10 / PARTITIONS));
  }

  @Test
  void whatWasHotIsForgotten() {
    // Given
    for (int i = 0; i < 1000; i++) {
      salting.pieces(HOT);
    }
    assertThat(salting.pieces(HOT)).isGreaterThan(1);

    // When six half-lives pass
    nanos.addAndGet(Duration.ofSeconds(6 * KeySalting.HALF_LIFE_SECONDS).toNanos());

    // Then
    assertThat(salting.pieces(HOT)).isEqualTo(1);
  }

  @Test
  void onePartitionNeedsNoSalt() {
    KeySalting one = new KeySalting(1, nanos::get);
    for (int i = 0; i < 1000; i++) {
      assertThat(one.pieces(HOT)).isEqualTo(1);
    }
  }
}
