package io.weir.routing.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AliasTest {
  private static final int KEYS = 100_000;

  private static double shareOfNew(Alias alias) {
    SplittableRandom random = new SplittableRandom(7);
    int count = 0;
    for (int i = 0; i < KEYS; i++) {
      count += alias.poolOf(random.nextLong()).equals("new") ? 1 : 0;
    }
    return (double) count / KEYS;
  }

  @Test
  void keysFollowTheShares() {
    // Given shares that need not sum to one
    Alias alias = new Alias("chat", Map.of("old", 9.0, "new", 1.0));

    // Then within four standard deviations of a binomial
    assertThat(shareOfNew(alias)).isCloseTo(0.1, within(4 * Math.sqrt(0.09 / KEYS)));
  }

  @Test
  void consecutiveHashesAreSpreadToo() {
    Alias alias = new Alias("chat", Map.of("old", 0.5, "new", 0.5));

    long count = LongStream.range(0, 1000).filter(h -> alias.poolOf(h).equals("new")).count();

    assertThat(count).isBetween(420L, 580L);
  }

  @Test
  void aKeyKeepsItsPoolWhileItsShareGrows() {
    Alias before = new Alias("chat", Map.of("old", 0.9, "new", 0.1));
    Alias after = new Alias("chat", Map.of("old", 0.6, "new", 0.4));
    SplittableRandom random = new SplittableRandom(7);

    for (int i = 0; i < 1000; i++) {
      long key = random.nextLong();
      if (before.poolOf(key).equals("new")) {
        assertThat(after.poolOf(key)).isEqualTo("new");
      }
    }
  }
}
