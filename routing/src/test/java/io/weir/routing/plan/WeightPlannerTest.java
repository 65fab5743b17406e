package io.weir.routing.plan;

import static io.weir.routing.plan.Pools.EAST;
import static io.weir.routing.plan.Pools.WEST;
import static io.weir.routing.plan.Pools.demand;
import static io.weir.routing.plan.Pools.engine;
import static io.weir.routing.plan.Pools.engines;
import static io.weir.routing.plan.Pools.row;
import static io.weir.routing.plan.Pools.sampled;
import static io.weir.routing.plan.Pools.weight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.engine.EngineCalibrator;
import io.weir.schemas.CalibrationState;
import io.weir.schemas.ClassPlan;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightPlannerTest {
  private final Rounds rounds = new Rounds();

  /** Demand of the two sources, as parts of what two H100s take. */
  private List<DemandRate> load(double east, double west) {
    double two = 2 * Pools.capacity();
    return List.of(demand(EAST, east * two, rounds.now), demand(WEST, west * two, rounds.now));
  }

  @Test
  void theFirstRoundPublishesATableForEverySource() {
    // When
    Plan plan = rounds.plan(engines(2), load(.5, .5));

    // Then
    assertThat(plan.reason()).isEqualTo(PublishReason.FIRST);
    assertThat(plan.publish())
        .extracting(RoutingWeights::getSource)
        .containsExactly("east", "west");
    RoutingWeights east = plan.publish().getFirst();
    assertThat(east.getEpoch()).isEqualTo(7);
    assertThat(east.getVersion()).isEqualTo(1);
    assertThat(east.getCertificate().getGap()).isLessThan(1e-3);
    assertThat(weight(east, "e0")).isEqualTo(weight(east, "e1"), within(1e-9)).isGreaterThan(.45);
    assertThat(row(east, "w0").getReducedCost()).isGreaterThan(.05);
    assertThat(row(east, "e0").getLoad()).isCloseTo(.5, within(.02));
    assertThat(plan.history().getFirst().getInputs()).contains(plan.inputs());
  }

  @Test
  void anOverloadedRegionSpillsToTheOther() {
    // When
    rounds.plan(engines(2), load(1.1, .2));

    // Then
    assertThat(weight(rounds.table(EAST), "w0")).isGreaterThan(.1);
    assertThat(rounds.table(EAST).getEngines())
        .extracting(EngineWeight::getLoad)
        .allMatch(load -> load < .8);
  }

  @Test
  void withoutDemandTheNearEnginesGetTheirShareByCapacity() {
    // When
    rounds.plan(engines(2), List.of());

    // Then
    assertThat(weight(rounds.table(WEST), "w0")).isGreaterThan(.45);
    assertThat(weight(rounds.table(WEST), "w1")).isGreaterThan(.45);
    assertThat(row(rounds.table(WEST), "e0").getPrior()).isEqualTo(.25, within(1e-9));
  }

  @Test
  void steadyDemandIsNotWorthMovingFor() {
    // Given
    rounds.plan(engines(2), load(.5, .5));
    Random random = new Random(3);

    // When demand jitters by 3 % for 8 s
    List<PublishReason> reasons = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      double jitter = 1 + .03 * random.nextGaussian();
      reasons.add(rounds.planAfter(2000, engines(2), load(.5 * jitter, .5 / jitter)).reason());
    }

    // Then nothing is published, and after 10 s the same again
    assertThat(reasons).containsOnly(PublishReason.NONE);
    RoutingWeights before = rounds.table(EAST);
    assertThat(rounds.planAfter(2000, engines(2), load(.5, .5)).reason())
        .isEqualTo(PublishReason.HEARTBEAT);
    assertThat(rounds.table(EAST).getVersion()).isEqualTo(before.getVersion() + 1);
    assertThat(weight(rounds.table(EAST), "e0")).isEqualTo(weight(before, "e0"), within(1e-12));
  }

  @Test
  void aSurgeMovesTheWholeWayAtOnce() {
    // Given
    rounds.plan(engines(2), load(.7, .3));

    // When one source's demand would fill its region's engines
    Plan plan = rounds.planAfter(2000, engines(2), load(1.35, .3));

    // Then
    assertThat(plan.reason()).isEqualTo(PublishReason.SURGE);
    assertThat(row(rounds.table(EAST), "e0").getLoad()).isLessThan(.85);
  }

  @Test
  void aSmallerChangeMovesHalfTheWay() {
    // Given
    rounds.plan(engines(2), load(.5, .5));
    double from = weight(rounds.table(EAST), "w0");

    // When
    Plan plan = rounds.planAfter(2000, engines(2), load(.85, .1));

    // Then
    assertThat(plan.reason()).isEqualTo(PublishReason.MOVED);
    Rounds fresh = new Rounds();
    fresh.plan(engines(2), load(.85, .1));
    double goal = weight(fresh.table(EAST), "w0");
    assertThat(goal).isGreaterThan(.05);
    assertThat(weight(rounds.table(EAST), "w0")).isCloseTo((from + goal) / 2, within(.01));
  }

  @Test
  void nothingMovesBeforeAnIntervalIsOver() {
    // Given
    rounds.plan(engines(2), load(.5, .5));

    // Then
    assertThat(rounds.planAfter(500, engines(2), load(1.1, .3)).reason())
        .isEqualTo(PublishReason.NONE);
  }

  @Test
  void aFailedEngineIsLeftAtOnceAndWhole() {
    // Given
    rounds.plan(up(engines(2)), load(.6, .3));

    // When
    rounds.now += 300;
    List<EngineState> failed = up(engines(2));
    failed.set(0, sampled(failed.get(0), rounds.now, false));
    Plan plan = rounds.plan(failed, load(.6, .3));

    // Then
    assertThat(plan.reason()).isEqualTo(PublishReason.ELIGIBILITY);
    assertThat(weight(rounds.table(EAST), "e0")).isZero();
    assertThat(row(rounds.table(EAST), "e0").getExcluded()).contains("down");
    assertThat(row(rounds.table(EAST), "e1").getLoad()).isLessThan(.9);
  }

  @Test
  void anEngineThatIsBackGrowsFromASmallShare() {
    // Given one that was away for 20 s
    rounds.plan(up(engines(2)), load(.6, .6));
    for (int i = 0; i < 10; i++) {
      rounds.now += 2000;
      List<EngineState> failed = up(engines(2));
      failed.set(0, sampled(failed.get(0), rounds.now, false));
      rounds.plan(failed, load(.6, .6));
    }

    // When it is back
    List<Double> flows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rounds.now += 2000;
      rounds.plan(up(engines(2)), load(.6, .6));
      flows.add(rounds.flow("e0", load(.6, .6)) / Pools.capacity());
    }

    // Then its load goes up slowly, to the others' in the end
    assertThat(flows.getFirst()).isBetween(.005, .1);
    assertThat(flows.get(7)).isLessThan(.35);
    assertThat(flows.getLast()).isCloseTo(.6, within(.05));
    for (int i = 1; i < flows.size(); i++) {
      assertThat(flows.get(i) - flows.get(i - 1)).isLessThanOrEqualTo(.2 + 1e-9);
    }
  }

  @Test
  void aDrainedEngineIsLeftAtOnceAndNamedSo() {
    // Given
    rounds.plan(engines(2), load(.4, .4));

    // When
    List<EngineState> drained = engines(2);
    drained.set(3, Pools.draining(drained.get(3), true));
    Plan plan = rounds.planAfter(100, drained, load(.4, .4));

    // Then
    assertThat(plan.reason()).isEqualTo(PublishReason.ELIGIBILITY);
    assertThat(plan.publish())
        .allSatisfy(
            table -> {
              assertThat(weight(table, "w1")).isZero();
              assertThat(row(table, "w1").getExcluded()).contains("draining");
            });
    // And it is said once
    assertThat(rounds.planAfter(2000, drained, load(.4, .4)).reason())
        .isEqualTo(PublishReason.NONE);
  }

  @Test
  void anEngineRemovedFromTheFleetIsLeftAtOnce() {
    // Given
    rounds.plan(engines(2), load(.4, .4));

    // When
    Plan plan = rounds.planAfter(100, engines(2).subList(0, 3), load(.4, .4));

    // Then
    assertThat(plan.reason()).isEqualTo(PublishReason.ELIGIBILITY);
    assertThat(rounds.table(WEST).getEngines())
        .extracting(EngineWeight::getEngine)
        .containsExactly("e0", "e1", "w0");
  }

  @Test
  void silenceOfOneEngineExcludesItAndOfManyDoesNot() {
    // Given
    rounds.plan(up(engines(2)), load(.4, .4));

    // When the telemetry of one, then of two of four, is too old
    rounds.now += 6000;
    List<EngineState> one = up(engines(2));
    one.set(0, sampled(one.get(0), rounds.now - 6000, true));
    rounds.plan(one, load(.4, .4));
    RoutingWeights afterOne = rounds.table(EAST);
    rounds.now += 2000;
    List<EngineState> two = up(engines(2));
    two.set(0, sampled(two.get(0), rounds.now - 8000, true));
    two.set(1, sampled(two.get(1), rounds.now - 8000, true));
    rounds.plan(two, load(.4, .4));
    RoutingWeights afterTwo = rounds.table(EAST);

    // Then
    assertThat(row(afterOne, "e0").getExcluded()).contains("silent");
    assertThat(afterTwo.getEngines()).allMatch(engine -> engine.getExcluded().isEmpty());
    assertThat(afterTwo.getStaleInputs()).contains("telemetry", "telemetry:e0", "telemetry:e1");
  }

  @Test
  void whatLooksDownAllAtOnceIsExcludedOnlyOnOtherEvidence() {
    // Given
    rounds.plan(up(engines(2)), load(.4, .4));
    rounds.now += 1000;
    List<EngineState> down =
        new ArrayList<>(engines(2).stream().map(e -> sampled(e, rounds.now, false)).toList());

    // When
    assertThat(rounds.plan(down, load(.4, .4)).publish()).isEmpty();
    EngineState first = down.get(0);
    down.set(0, new EngineState(first.spec(), first.sample(), first.calibration(), false));
    rounds.plan(down, load(.4, .4));

    // Then
    assertThat(row(rounds.table(EAST), "e0").getExcluded()).contains("unhealthy");
    assertThat(row(rounds.table(EAST), "e1").getExcluded()).isEmpty();
  }

  @Test
  void aSlowEngineLosesMostOfItsTraffic() {
    // Given
    List<DemandRate> demand = load(.5, .5);
    rounds.plan(engines(2), demand);
    double before = rounds.flow("e0", demand);

    // When it is known to run at a third of its speed
    CalibrationState slow =
        CalibrationState.newBuilder(EngineCalibrator.initial())
            .setSpeed(1 / 3.0)
            .setCapacity(1 / 3.0)
            .setSamples(100)
            .build();
    List<EngineState> engines = engines(2);
    engines.set(0, Pools.calibrated(engines.get(0), slow));
    rounds.planAfter(2000, engines, demand);
    rounds.planAfter(2000, engines, demand);

    // Then
    assertThat(rounds.flow("e0", demand)).isLessThan(before / 2);
    assertThat(rounds.flow("e0", demand)).isPositive();
  }

  @Test
  void everyEligibleEngineIsTriedNowAndThen() {
    // Given one that is so slow that nothing should go there
    CalibrationState slow =
        CalibrationState.newBuilder(EngineCalibrator.initial())
            .setSpeed(.05)
            .setCapacity(1)
            .build();
    List<EngineState> engines = engines(2);
    engines.add(Pools.calibrated(engine("slow", EAST.region()), slow));

    // When
    rounds.plan(engines, load(.2, .2));

    // Then it still gets 1 % of its fair share, which is a fifth
    double all = load(.2, .2).stream().mapToDouble(DemandRate::perSecond).sum();
    assertThat(rounds.flow("slow", load(.2, .2)) / all).isCloseTo(.002, within(.0002));
  }

  @Test
  void lowClassesAreShedFirstAndNoEngineIsPlannedFull() {
    // Given 1.5 times what the pool can take
    double all = 4 * Pools.capacity();
    List<DemandRate> demand =
        List.of(
            demand(EAST, RequestClass.PRIORITY, .5 * all, rounds.now),
            demand(EAST, RequestClass.BATCH, .5 * all, rounds.now),
            demand(WEST, RequestClass.STANDARD, .5 * all, rounds.now));

    // When
    rounds.plan(engines(2), demand);

    // Then
    ClassPlan priority = rounds.table(EAST).getClasses().get(0);
    ClassPlan batch = rounds.table(EAST).getClasses().get(1);
    ClassPlan standard = rounds.table(WEST).getClasses().getFirst();
    assertThat(batch.getShed()).isCloseTo(batch.getDemand(), within(.01 * all));
    assertThat(priority.getShed()).isLessThan(.01 * all);
    assertThat(standard.getShed()).isGreaterThan(.02 * all);
    assertThat(rounds.table(EAST).getEngines())
        .extracting(EngineWeight::getLoad)
        .allMatch(load -> load <= .97);
  }

  @Test
  void allotmentsAreEnoughForTheTrafficByLittlesLaw() {
    // When
    rounds.plan(engines(2), load(.6, .6));

    // Then rate × (idle time ÷ (1 − rho) + round trip)
    EngineWeight e0 = row(rounds.table(EAST), "e0");
    double inFlight =
        e0.getWeight() * .6 * 2 * Pools.capacity() * (OUTPUT_SECONDS / (1 - e0.getLoad()));
    assertThat(e0.getAllotment()).isBetween(.9 * inFlight, 1.5 * inFlight);
    assertThat(rounds.table(EAST).getEngines())
        .allMatch(e -> e.getWeight() == 0 || e.getAllotment() >= 1);
  }

  private static final double OUTPUT_SECONDS = Pools.OUTPUT * 7.824e-3;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whateverHappensTablesAreSound(long seed) {
    // Given a fleet of mixed speeds whose engines come, go, slow down and fall silent
    Random random = new Random(seed);
    long published = 0;
    for (int round = 0; round < 60; round++) {
      rounds.now += 250 + random.nextInt(4000);
      List<EngineState> engines = randomEngines(random, rounds.now);
      List<DemandRate> demand = load(random.nextDouble() * 1.5, random.nextDouble() * 1.5);

      // When
      Plan plan = rounds.plan(engines, demand);
      Plan again =
          new WeightPlanner()
              .plan(Pools.inputs(shuffled(engines, random), demand, rounds.now), previous);
      previous = plan.memory();

      // Then
      assertThat(again.publish()).as("seed %d", seed).isEqualTo(plan.publish());
      assertThat(again.memory()).isEqualTo(plan.memory());
      for (RoutingWeights table : plan.publish()) {
        published++;
        sound(table, seed);
      }
    }
    assertThat(published).isGreaterThan(20);
    assertThat(rounds.memory.getUncertified()).isZero();
  }

  private io.weir.schemas.PlanState previous = WeightPlanner.initial("chat");

  private static void sound(RoutingWeights table, long seed) {
    double sum = table.getEngines().stream().mapToDouble(EngineWeight::getWeight).sum();
    assertThat(sum).as("seed %d", seed).isCloseTo(1, within(1e-9));
    assertThat(table.getCertificate().getGap()).isLessThanOrEqualTo(.005);
    assertThat(table.getEngines())
        .allSatisfy(
            engine -> {
              assertThat(engine.getWeight()).isBetween(0.0, 1.0);
              assertThat(engine.getPrice()).isGreaterThanOrEqualTo(0);
              assertThat(engine.getTpotMillis()).isPositive().isFinite();
              assertThat(engine.getAllotment()).isFinite();
              if (engine.getExcluded().isPresent()) {
                assertThat(engine.getWeight()).isZero();
              }
            });
  }

  private static List<EngineState> randomEngines(Random random, long now) {
    List<EngineState> engines = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String profile = i % 2 == 0 ? "h100-llama-3-8b" : "a100-llama-3-8b";
      String region = i < 3 ? EAST.region() : WEST.region();
      EngineState engine = engine(Pools.spec("e" + i, region, profile, .5));
      if (i > 0 && random.nextInt(8) == 0) {
        continue;
      }
      engine = sampled(engine, now - random.nextInt(6000), i == 0 || random.nextInt(8) > 0);
      engine = Pools.draining(engine, i > 0 && random.nextInt(10) == 0);
      CalibrationState learnt =
          CalibrationState.newBuilder(EngineCalibrator.initial())
              .setSpeed(.3 + random.nextDouble())
              .setCapacity(.3 + random.nextDouble())
              .setSamples(random.nextInt(200))
              .build();
      engines.add(Pools.calibrated(engine, learnt));
    }
    return engines;
  }

  private static List<EngineState> shuffled(List<EngineState> engines, Random random) {
    List<EngineState> other = new ArrayList<>(engines);
    Collections.shuffle(other, new Random(random.nextLong()));
    return other;
  }

  private List<EngineState> up(List<EngineState> engines) {
    return new ArrayList<>(
        engines.stream().map(engine -> sampled(engine, rounds.now, true)).toList());
  }
}
