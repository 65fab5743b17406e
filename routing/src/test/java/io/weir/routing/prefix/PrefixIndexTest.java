package io.weir.routing.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PrefixIndexTest {
  /** Blocks of a chain: those of a parent, then its own. */
  private static PromptBlocks chain(long... hashes) {
    return PromptBlocks.ofHashes(hashes, 16, hashes.length * 16L);
  }

  @Test
  void knowsHowMuchOfAPromptAnEngineWasSent() {
    // Given
    PrefixIndex index = new PrefixIndex(1000);
    int a = index.add(100);
    int b = index.add(100);

    // When
    index.store(a, chain(1, 2, 3));
    index.store(b, chain(1, 2, 30, 40));

    // Then
    PromptBlocks prompt = chain(1, 2, 3, 4);
    assertThat(index.matched(a, prompt)).isEqualTo(3);
    assertThat(index.matched(b, prompt)).isEqualTo(2);
    assertThat(index.deepest(prompt)).isEqualTo(3);
    int[] holders = new int[4];
    assertThat(index.holders(2, holders)).isEqualTo(2);
    assertThat(holders).startsWith(b, a);
    assertThat(index.holders(3, holders)).isEqualTo(1);
    assertThat(holders).startsWith(a);
    assertThat(index.deepest(chain(9, 90, 900))).isZero();
  }

  @Test
  void forgetsTheEndsOfWhatWasUsedLongestAgo() {
    // Given a cache of four blocks
    PrefixIndex index = new PrefixIndex(1000);
    int a = index.add(4);
    index.store(a, chain(1, 2, 3));

    // When two more come
    index.store(a, chain(1, 20, 30));

    // Then the old conversation has lost its end, the new one nothing
    assertThat(index.matched(a, chain(1, 20, 30))).isEqualTo(3);
    assertThat(index.matched(a, chain(1, 2, 3))).isEqualTo(2);
    assertThat(index.size()).isEqualTo(4);
  }

  @Test
  void forgetsWhatAnEngineLost() {
    PrefixIndex index = new PrefixIndex(1000);
    int a = index.add(9);
    int b = index.add(9);
    index.store(a, chain(1, 2));
    index.store(b, chain(1, 2));
    index.clear(a);
    assertThat(index.matched(a, chain(1, 2))).isZero();
    assertThat(index.matched(b, chain(1, 2))).isEqualTo(2);
    index.remove(b);
    assertThat(index.size()).isZero();
    assertThat(index.add(9)).as("its slot is used again").isEqualTo(b);
    assertThat(index.matched(b, chain(1, 2))).isZero();
  }

  @Test
  void enginesShareTheBoundEqually() {
    PrefixIndex index = new PrefixIndex(10);
    int a = index.add(100);
    index.store(a, chain(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    assertThat(index.size()).isEqualTo(10);
    index.add(100);
    assertThat(index.size()).isEqualTo(5);
    assertThat(index.matched(a, chain(1, 2, 3, 4, 5, 6))).isEqualTo(5);
  }

  @Test
  void anEngineWithoutCacheHoldsNothing() {
    PrefixIndex index = new PrefixIndex(10);
    int a = index.add(0);
    index.store(a, chain(1, 2));
    assertThat(index.size()).isZero();
    index.budget(a, 1);
    index.store(a, chain(1, 2));
    assertThat(index.matched(a, chain(1, 2))).isOne();
  }

  /** The same, written as what it means: for each engine its hashes in the order of last use. */
  private static final class Reference {
    private final List<LinkedHashMap<Long, Boolean>> engines = new ArrayList<>();
    private final List<Integer> budgets = new ArrayList<>();

    void store(int engine, PromptBlocks blocks) {
      Map<Long, Boolean> held = engines.get(engine);
      for (int i = Math.min(blocks.count(), budgets.get(engine)) - 1; i >= 0; i--) {
        held.remove(blocks.hash(i));
        if (held.size() == budgets.get(engine)) {
          held.remove(held.keySet().iterator().next());
        }
        held.put(blocks.hash(i), true);
      }
    }

    int matched(int engine, PromptBlocks blocks) {
      int count = 0;
      while (count < blocks.count() && engines.get(engine).containsKey(blocks.hash(count))) {
        count++;
      }
      return count;
    }
  }

  @Test
  void isWhatAListInTheOrderOfUseWouldBe() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      PrefixIndex index = new PrefixIndex(1_000_000);
      Reference reference = new Reference();
      int engines = random.nextInt(1, 5);
      for (int i = 0; i < engines; i++) {
        int budget = random.nextInt(1, 40);
        index.add(budget);
        reference.engines.add(new LinkedHashMap<>());
        reference.budgets.add(budget);
      }
      for (int step = 0; step < 150; step++) {
        // A tree of prefixes with three branches at each block
        long[] hashes = new long[random.nextInt(12)];
        long hash = 17;
        for (int i = 0; i < hashes.length; i++) {
          hash = PromptBlocks.mix(hash * 31 + random.nextInt(3) + 1);
          hashes[i] = hash;
        }
        PromptBlocks prompt = chain(hashes);
        int deepest = 0;
        for (int engine = 0; engine < engines; engine++) {
          int expected = reference.matched(engine, prompt);
          deepest = Math.max(deepest, expected);
          assertThat(index.matched(engine, prompt)).as("seed %d", seed).isEqualTo(expected);
        }
        assertThat(index.deepest(prompt)).as("seed %d", seed).isEqualTo(deepest);
        int[] holders = new int[engines];
        for (int block = 0; block < hashes.length; block++) {
          long holding = reference.engines.stream().filter(byBlock(hashes[block])).count();
          assertThat(index.holders(hashes[block], holders)).isEqualTo((int) holding);
        }
        int engine = random.nextInt(engines);
        index.store(engine, prompt);
        reference.store(engine, prompt);
      }
      int held = reference.engines.stream().mapToInt(Map::size).sum();
      assertThat(index.size()).as("seed %d", seed).isEqualTo(held);
    }
  }

  private static java.util.function.Predicate<Map<Long, Boolean>> byBlock(long hash) {
    return held -> held.containsKey(hash);
  }
}
