package io.weir.routing.pick;

import static io.weir.routing.pick.Tables.INTERVAL;
import static io.weir.routing.pick.Tables.edit;
import static io.weir.routing.pick.Tables.engine;
import static io.weir.routing.pick.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.schemas.EngineWeight;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StalenessLadderTest {
  private static final long FIVE_MINUTES = 5 * 60_000;

  private static AppliedWeights at(WeightTable table, long age) {
    return StalenessLadder.weights(table, age, any -> false);
  }

  private static double sum(AppliedWeights weights) {
    return weights.weights().values().stream().mapToDouble(Double::doubleValue).sum();
  }

  @Test
  void climbsByAgeInPublishIntervals() {
    assertThat(Freshness.of(0, 1000)).isEqualTo(Freshness.NORMAL);
    assertThat(Freshness.of(2999, 1000)).isEqualTo(Freshness.NORMAL);
    assertThat(Freshness.of(3000, 1000)).isEqualTo(Freshness.HELD);
    assertThat(Freshness.of(10_000, 1000)).isEqualTo(Freshness.HELD);
    assertThat(Freshness.of(10_001, 1000)).isEqualTo(Freshness.DECAYING);
  }

  @Test
  void aFreshTableIsAppliedAsPublished() {
    WeightTable table = WeightTable.of(Tables.random(new SplittableRandom(1)));
    AppliedWeights weights = at(table, 3 * INTERVAL - 1);
    table
        .engines()
        .forEach((id, engine) -> assertThat(weights.weight(id)).isEqualTo(engine.getWeight()));
    assertThat(weights.weight("unknown")).isZero();
  }

  @Test
  void weightsAddUpToOneAtAnyAgeWhoeverIsOut() {
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      WeightTable table = WeightTable.of(Tables.random(random));
      long age = random.nextLong(0, 100 * INTERVAL);
      long out = random.nextLong();
      AppliedWeights weights =
          StalenessLadder.weights(
              table, age, id -> (out >>> Integer.parseInt(id.substring(1)) & 1) == 1);
      boolean allOut = table.engines().keySet().stream().allMatch(id -> weights.weight(id) == 0);
      long mask = (1L << table.engines().size()) - 1;
      assertThat(allOut).as("seed %d", seed).isEqualTo((out & mask) == mask);
      if (!allOut) {
        assertThat(sum(weights)).as("seed %d", seed).isCloseTo(1, within(1e-9));
      }
      weights
          .weights()
          .forEach(
              (id, weight) -> {
                assertThat(weight).isPositive();
                assertThat(out >>> Integer.parseInt(id.substring(1)) & 1).isZero();
              });
    }
  }

  @Test
  void aHeldTableIsFlatter() {
    // Given one engine that gets much more than its capacity's share, and one that gets less
    WeightTable table =
        WeightTable.of(
            table(1, 1, List.of(engine("a", 0.9, 0.5, 0.5), engine("b", 0.1, 0.5, 0.5))));

    // When
    AppliedWeights held = at(table, 5 * INTERVAL);

    // Then it is as if tau were five times as large: (0.9/0.1)^(1/5)
    assertThat(held.freshness()).isEqualTo(Freshness.HELD);
    assertThat(held.weight("a") / held.weight("b")).isCloseTo(Math.pow(9, 0.2), within(1e-9));
  }

  @Test
  void aHeldTableGivesNothingMoreToTheFullerEngines() {
    for (long seed = 0; seed < 300; seed++) {
      WeightTable table = WeightTable.of(Tables.random(new SplittableRandom(seed)));
      double mean =
          table.engines().values().stream().mapToDouble(EngineWeight::getLoad).average().orElse(0);
      AppliedWeights held = at(table, 5 * INTERVAL);
      for (EngineWeight engine : table.engines().values()) {
        if (engine.getLoad() > mean) {
          assertThat(held.weight(engine.getEngine()))
              .as("seed %d", seed)
              .isLessThanOrEqualTo(engine.getWeight() + 1e-9);
        }
      }
    }
  }

  @Test
  void anOldTableDecaysToCapacityAndLocality() {
    // Given a near and a far engine of equal capacity, the near one nearly unused
    EngineWeight near = engine("near", 0.1, 0.5, 0.5);
    EngineWeight far = edit(engine("far", 0.9, 0.5, 0.5), engine -> engine.setGeography(0.05));
    WeightTable table = WeightTable.of(table(1, 1, List.of(near, far)));
    double locality = 1 / (1 + Math.exp(-1));
    double held = at(table, 10 * INTERVAL).weight("near");

    // Then half of the way is gone after five minutes, and all of it after hours
    assertThat(at(table, 10 * INTERVAL + 1).weight("near")).isCloseTo(held, within(1e-4));
    assertThat(at(table, 10 * INTERVAL + FIVE_MINUTES).weight("near"))
        .isCloseTo((held + locality) / 2, within(1e-9));
    assertThat(at(table, 100 * FIVE_MINUTES).weight("near")).isCloseTo(locality, within(1e-6));
  }

  @Test
  void anExcludedEngineStaysOutForEver() {
    EngineWeight excluded = edit(engine("b", 0, 0.5, 0), engine -> engine.setExcluded("draining"));
    WeightTable table = WeightTable.of(table(1, 1, List.of(engine("a", 1, 0.5, 0.5), excluded)));
    assertThat(at(table, 1000 * FIVE_MINUTES).weight("b")).isZero();
  }

  @Test
  void fullEnginesTakeLittleOfWhatALostOneLeaves() {
    // Given a nearly full and a half empty engine with equal weights
    WeightTable table =
        WeightTable.of(
            table(
                1,
                1,
                List.of(
                    engine("full", 0.25, 0.25, 0.93),
                    engine("half", 0.25, 0.25, 0.4),
                    engine("lost", 0.5, 0.5, 0.7))));

    // When
    AppliedWeights weights = StalenessLadder.weights(table, 0, "lost"::equals);

    // Then in proportion each would have half
    assertThat(weights.weight("full")).isBetween(0.25, 0.3);
    assertThat(weights.weight("half")).isCloseTo(1 - weights.weight("full"), within(1e-9));
  }

  @Test
  void equalEnginesTakeEqualParts() {
    WeightTable table =
        WeightTable.of(
            table(
                1,
                1,
                List.of(
                    engine("a", 0.3, 0.3, 0.6),
                    engine("b", 0.3, 0.3, 0.6),
                    engine("lost", 0.4, 0.4, 0.6))));
    AppliedWeights weights = StalenessLadder.weights(table, 0, "lost"::equals);
    assertThat(weights.weight("a")).isCloseTo(0.5, within(1e-6));
    assertThat(weights.weight("b")).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void anEngineOfNoUseSoFarTakesOverWhenAllOthersAreGone() {
    EngineWeight spare = edit(engine("spare", 0, 0.3, 0.01), engine -> engine.setReducedCost(0.2));
    WeightTable table = WeightTable.of(table(1, 1, List.of(engine("a", 1, 0.7, 0.6), spare)));
    assertThat(at(table, 0).weight("spare")).isZero();
    assertThat(StalenessLadder.weights(table, 0, "a"::equals).weight("spare")).isEqualTo(1);
  }

  @Test
  void manySilentEnginesMeanThatTelemetryIsAtFault() {
    assertThat(StalenessLadder.telemetryFault(3, 10)).isFalse();
    assertThat(StalenessLadder.telemetryFault(4, 10)).isTrue();
    assertThat(StalenessLadder.telemetryFault(1, 2)).as("one alone says nothing").isFalse();
    assertThat(StalenessLadder.telemetryFault(2, 2)).isTrue();
  }
}
