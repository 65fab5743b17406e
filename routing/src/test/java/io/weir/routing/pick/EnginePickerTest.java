package io.weir.routing.pick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.hash.Hashing;
import io.weir.routing.pick.PickResult.NoEngine;
import io.weir.routing.pick.PickResult.Picked;
import io.weir.schemas.Candidate;
import io.weir.schemas.Decision;
import io.weir.schemas.Exclusion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnginePickerTest {
  private static final int ROUNDS = 400;

  private static TestEngine pick(
      EnginePicker picker, List<TestEngine> engines, String key, long seed) {
    return picked(picker, engines, key, seed).engine();
  }

  private static Picked<TestEngine> picked(
      EnginePicker picker, List<TestEngine> engines, String key, long seed) {
    return (Picked<TestEngine>) picker.pick(engines, key, seed);
  }

  /** A pool in which at least one engine is eligible. */
  private static List<TestEngine> randomPool(SplittableRandom random) {
    List<TestEngine> engines = new ArrayList<>();
    int count = random.nextInt(1, 40);
    for (int i = 0; i < count; i++) {
      TestEngine engine =
          new TestEngine("engine-" + i, random.nextDouble(0.1, 8), random.nextInt(1, 20));
      engine.inFlight = random.nextInt(0, engine.limit() + 1);
      engine.healthy = random.nextInt(4) > 0;
      engines.add(engine);
    }
    TestEngine sure = engines.get(random.nextInt(count));
    sure.healthy = true;
    sure.inFlight = Math.min(sure.inFlight, sure.limit() - 1);
    return engines;
  }

  private static Map<String, Integer> sharesOf(
      EnginePicker picker, List<TestEngine> engines, int picks) {
    SplittableRandom random = new SplittableRandom(11);
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < picks; i++) {
      shares.merge(pick(picker, engines, "key-" + i, random.nextLong()).id(), 1, Integer::sum);
    }
    return shares;
  }

  @ParameterizedTest
  @EnumSource
  void neverPicksAnIneligibleEngine(PickPolicy policy) {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < ROUNDS; round++) {
      List<TestEngine> engines = randomPool(random);
      EnginePicker picker = new EnginePicker(policy);
      for (int i = 0; i < 5; i++) {
        TestEngine engine = pick(picker, engines, "key-" + i, random.nextLong());
        assertThat(engine.healthy).as("round %d", round).isTrue();
        assertThat(engine.inFlight).as("round %d", round).isLessThan(engine.limit());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDecisionAloneLeadsToTheSameEngine(PickPolicy policy) {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < ROUNDS; round++) {
      List<TestEngine> engines = randomPool(random);
      EnginePicker picker = new EnginePicker(policy);
      for (int i = 0; i < 5; i++) {
        Decision decision = picked(picker, engines, "key-" + i, random.nextLong()).decision();
        assertThat(DecisionReplay.engine(decision))
            .as("round %d", round)
            .contains(decision.getEngine());
        assertThat(decision.getCandidates()).hasSizeBetween(1, 16);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void sameSeedEnginesAndHistoryMakeTheSameDecision(PickPolicy policy) {
    SplittableRandom random = new SplittableRandom(3);
    List<TestEngine> engines = randomPool(random);
    EnginePicker one = new EnginePicker(policy);
    EnginePicker two = new EnginePicker(policy);
    for (int i = 0; i < 100; i++) {
      long seed = random.nextLong();
      assertThat(picked(one, engines, "key-" + i, seed).decision())
          .isEqualTo(picked(two, engines, "key-" + i, seed).decision());
    }
  }

  @Test
  void saysWhyNoEngineCanTakeTheRequest() {
    // Given
    List<TestEngine> engines = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      TestEngine engine = new TestEngine("e" + i, 1, 1);
      engine.healthy = false;
      engines.add(engine);
    }
    TestEngine full = new TestEngine("full", 1, 2);
    full.inFlight = 2;
    engines.add(full);

    // When
    PickResult<TestEngine> result = new EnginePicker(PickPolicy.RANDOM).pick(engines, "k", 1);

    // Then
    assertThat(result).isInstanceOf(NoEngine.class);
    List<Exclusion> excluded = ((NoEngine<TestEngine>) result).excluded();
    assertThat(excluded).extracting(Exclusion::getReason).containsExactly("unhealthy", "at_limit");
    assertThat(excluded).extracting(Exclusion::getCount).containsExactly(20, 1);
    assertThat(excluded.getFirst().getEngines()).hasSize(16).startsWith("e0", "e1");
  }

  @Test
  void roundRobinTakesTurns() {
    EnginePicker picker = new EnginePicker(PickPolicy.ROUND_ROBIN);
    List<TestEngine> engines =
        List.of(new TestEngine("a", 5, 9), new TestEngine("b", 1, 9), new TestEngine("c", 1, 9));
    StringBuilder turns = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      engines.get(1).healthy = i < 3 || i > 5;
      turns.append(pick(picker, engines, "k", i).id());
    }
    assertThat(turns.toString()).isEqualTo("abc" + "aca" + "bca");
  }

  @Test
  void weightedSpreadsTurnsAsNginxDoes() {
    EnginePicker picker = new EnginePicker(PickPolicy.WEIGHTED);
    List<TestEngine> engines =
        List.of(
            new TestEngine("a", 5, 9), new TestEngine("b", 1.5, 9), new TestEngine("c", 0.5, 9));
    Map<String, Integer> shares = sharesOf(picker, engines, 1400);
    assertThat(shares).containsEntry("a", 1000).containsEntry("b", 300).containsEntry("c", 100);
  }

  @Test
  void randomIsUniformWhateverTheWeights() {
    List<TestEngine> engines = List.of(new TestEngine("a", 9, 9), new TestEngine("b", 1, 9));
    Map<String, Integer> shares = sharesOf(new EnginePicker(PickPolicy.RANDOM), engines, 20_000);
    assertThat(shares.get("a") / 20_000.0).isCloseTo(0.5, within(0.015));
  }

  @ParameterizedTest
  @EnumSource(names = {"POWER_OF_TWO", "LEAST_LOADED", "HASH_AFFINITY"})
  void idleSharesFollowTheWeights(PickPolicy policy) {
    List<TestEngine> engines = List.of(new TestEngine("a", 2, 9), new TestEngine("b", 1, 9));
    Map<String, Integer> shares = sharesOf(new EnginePicker(policy), engines, 20_000);
    assertThat(shares.get("a") / 20_000.0).isCloseTo(2 / 3.0, within(0.015));
  }

  @ParameterizedTest
  @EnumSource(names = {"POWER_OF_TWO", "LEAST_LOADED"})
  void busySharesFollowTheWeights(PickPolicy policy) {
    // Given a hundred requests that never end
    List<TestEngine> engines =
        List.of(
            new TestEngine("a", 3, 1000),
            new TestEngine("b", 1, 1000),
            new TestEngine("c", 1, 1000));
    EnginePicker picker = new EnginePicker(policy);

    // When
    for (int i = 0; i < 500; i++) {
      pick(picker, engines, "k", i).inFlight++;
    }

    // Then
    assertThat(engines.getFirst().inFlight / 500.0).isCloseTo(0.6, within(0.03));
  }

  @Test
  void powerOfTwoRecordsTheTwoItDrew() {
    List<TestEngine> engines = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      TestEngine engine = new TestEngine("e" + i, 1, 99);
      engine.inFlight = i;
      engines.add(engine);
    }
    Decision decision =
        picked(new EnginePicker(PickPolicy.POWER_OF_TWO), engines, "k", 5).decision();
    assertThat(decision.getPolicy()).isEqualTo("power-of-two");
    assertThat(decision.getCandidates()).hasSize(2);
    Candidate lighter = decision.getCandidates().getFirst();
    assertThat(lighter.getEngine()).isEqualTo(decision.getEngine());
    assertThat(lighter.getScore()).isEqualTo(lighter.getInFlight());
  }

  @Test
  void leastLoadedFindsTheLightestOfMany() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < ROUNDS; round++) {
      List<TestEngine> engines = randomPool(random);
      TestEngine engine =
          pick(new EnginePicker(PickPolicy.LEAST_LOADED), engines, "k", random.nextLong());
      assertThat(engines)
          .filteredOn(other -> other.healthy && other.inFlight < other.limit())
          .allMatch(other -> other.inFlight / other.weight() >= engine.inFlight / engine.weight());
    }
  }

  @Test
  void affinityMovesOnlyTheKeysOfARemovedEngine() {
    // Given idle engines, so that no bound is reached
    List<TestEngine> engines = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      engines.add(new TestEngine("engine-" + i, 1 + i % 3, 99));
    }
    EnginePicker picker = new EnginePicker(PickPolicy.HASH_AFFINITY);
    Map<String, String> before = new HashMap<>();
    for (int i = 0; i < 2000; i++) {
      before.put("key-" + i, pick(picker, engines, "key-" + i, i).id());
    }

    // When
    List<TestEngine> fewer = new ArrayList<>(engines);
    fewer.remove(3);

    // Then
    int moved = 0;
    for (Map.Entry<String, String> key : before.entrySet()) {
      String now = pick(picker, fewer, key.getKey(), 99).id();
      if (key.getValue().equals("engine-3")) {
        moved++;
        assertThat(now).isNotEqualTo("engine-3");
      } else {
        assertThat(now).isEqualTo(key.getValue());
      }
    }
    assertThat(moved).isPositive();
  }

  @Test
  void affinityKeepsEveryEngineWithinItsBound() {
    SplittableRandom random = new SplittableRandom(6);
    for (int round = 0; round < 60; round++) {
      // Given engines of any weight, and one key that everyone asks for half of the time
      List<TestEngine> engines = new ArrayList<>();
      double weights = 0;
      for (int i = 0; i < random.nextInt(2, 12); i++) {
        engines.add(new TestEngine("engine-" + i, random.nextDouble(0.5, 4), 100_000));
        weights += engines.getLast().weight();
      }
      EnginePicker picker = new EnginePicker(PickPolicy.HASH_AFFINITY);
      for (int i = 0; i < 300; i++) {
        // When
        String key = random.nextBoolean() ? "hot" : "key-" + i;
        TestEngine engine = pick(picker, engines, key, i);

        // Then
        double bound = Math.ceil(1.25 * (i + 1) * engine.weight() / weights);
        engine.inFlight++;
        assertThat((double) engine.inFlight).as("round %d", round).isLessThanOrEqualTo(bound);
      }
    }
  }

  @Test
  void hashesOfSimilarIdsDiffer() {
    // String.hashCode takes these two for the same.
    assertThat(Hashing.of("engine-Aa")).isNotEqualTo(Hashing.of("engine-BB"));
  }
}
