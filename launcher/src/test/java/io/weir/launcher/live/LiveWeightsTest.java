package io.weir.launcher.live;

import static io.weir.launcher.live.LiveFleet.measured;
import static io.weir.launcher.live.LiveFleet.until;
import static io.weir.launcher.live.LiveFleet.untilPast;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.launcher.live.EventLog.Dispatch;
import io.weir.launcher.live.EventLog.Table;
import io.weir.schemas.EngineWeight;
import io.weir.sim.Fault;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The fleet under traffic of two sources while things happen to it. Every limit is held against the
 * times that the broker gave the records. The cases run in order on one system; the first leave the
 * fleet as it was.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LiveWeightsTest {
  private static final String FLEET =
      """
      sources:
        - {name: us-east, region: "aws:us-east-1"}
        - {name: eu-west, region: "aws:eu-west-1"}
      pools:
        - {name: llama}
      engines:
        - {id: us-1, url: "http://127.0.0.1:0", pool: llama, region: "aws:us-east-1"}
        - {id: us-2, url: "http://127.0.0.1:0", pool: llama, region: "aws:us-east-1"}
        - {id: eu-1, url: "http://127.0.0.1:0", pool: llama, region: "aws:eu-west-1"}
      engine-sim:
        us-1: {profile: a100-llama-3-8b}
        us-2: {profile: a100-llama-3-8b}
        eu-1: {profile: a100-llama-3-8b}
      """;

  /** Requests per second at which the three engines are saturated. */
  private static final double CAPACITY = 3 / LiveFleet.WORK_SECONDS;

  private static LiveFleet fleet;
  private static OpenLoad us;
  private static OpenLoad eu;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    fleet = LiveFleet.start(FLEET, Optional.empty());
    us = fleet.load("us-east", "llama", 0.35 * CAPACITY);
    eu = fleet.load("eu-west", "llama", 0.15 * CAPACITY);
    fleet.settled(5_000);
  }

  @AfterAll
  static void stop() throws IOException {
    fleet.close();
  }

  @Test
  @Order(1)
  void aDrainedEngineGetsNothingAndComesBackSlowly() throws IOException, InterruptedException {
    // When
    long drained = System.currentTimeMillis();
    assertThat(fleet.admin("us-2", "drain")).isEqualTo(200);

    // Then nothing is sent there once its dispatchers know
    Table without =
        awaitTable(
            drained, table -> table.weight("us-2") == 0 && !excluded(table, "us-2").isEmpty());
    untilPast(drained + 4_000);
    long last = lastDispatch("us-2", drained).orElse(drained);
    measured("drain: last dispatch after ms", last - drained);
    measured("drain: table after ms", without.at() - drained);
    assertThat(last - drained).isLessThan(1_000);

    // When
    long undrained = System.currentTimeMillis();
    assertThat(fleet.admin("us-2", "undrain")).isEqualTo(200);

    // Then it gets a little at first, and more as time goes
    Table first = awaitTable(undrained, table -> table.weight("us-2") > 0);
    double before = first.engine("us-2").map(EngineWeight::getCapacityFactor).orElseThrow();
    assertThat(before).isLessThan(0.5);
    Table ramped =
        awaitTable(
            undrained,
            table -> table.engine("us-2").map(EngineWeight::getCapacityFactor).orElse(0.0) > 0.95);
    measured("undrain: capacity planned with at first", before);
    measured("undrain: whole after ms", ramped.at() - undrained);
    assertThat(ramped.at() - undrained).isGreaterThan(4_000);
    untilPast(System.currentTimeMillis() + 3_000);
  }

  @Test
  @Order(2)
  void demandOfOneSourceMovesItsWeights() {
    // Given a demand that uses the source's own two engines to 0.7
    us.rate(0.7 * 2 / LiveFleet.WORK_SECONDS);
    eu.rate(0.2 / LiveFleet.WORK_SECONDS);
    untilPast(System.currentTimeMillis() + 6_000);
    long raised = System.currentTimeMillis();
    Table before = fleet.log().lastBefore(raised, "us-east").orElseThrow();

    // When
    us.rate(0.95 * 2 / LiveFleet.WORK_SECONDS);

    // Then the first table that is nearer to the one of much later comes in time
    untilPast(raised + 9_000);
    Table optimum = fleet.log().lastBefore(System.currentTimeMillis(), "us-east").orElseThrow();
    double distance = distance(before, optimum);
    Table towards =
        fleet
            .log()
            .table(
                raised,
                table ->
                    table.weights().getSource().equals("us-east")
                        && distance(table, optimum) < 0.8 * distance)
            .orElseThrow();
    measured("surge: weights of us-east moved by", distance);
    measured("surge: first table towards the optimum after ms", towards.at() - raised);
    measured(
        "surge: eu-1 before, then, at last",
        List.of(before.weight("eu-1"), towards.weight("eu-1"), optimum.weight("eu-1")));
    assertThat(optimum.weight("eu-1")).isGreaterThan(before.weight("eu-1") + 0.03);
    // Twenty of the 85 ms between the regions, as probes measured them
    assertThat(before.engine("eu-1").map(EngineWeight::getGeography).orElseThrow())
        .isBetween(1.5, 3.0);
    assertThat(towards.at() - raised).as(fleet.log().history(raised - 4_000)).isLessThan(5_000);

    us.rate(0.35 * CAPACITY);
    eu.rate(0.15 * CAPACITY);
    untilPast(System.currentTimeMillis() + 3_000);
  }

  @Test
  @Order(3)
  void withoutTheJobDispatchersGoOnAndSayTheyAreStale() {
    // When
    fleet.system().weightsJob().orElseThrow().await().kill();
    long killed = System.currentTimeMillis();
    until("staleness shows", () -> LiveMetrics.stale(fleet));
    measured("job killed: staleness shows after ms", System.currentTimeMillis() - killed);

    // Then requests went on by the last table
    long shown = System.currentTimeMillis();
    fleet.seen(shown);
    List<Dispatch> meanwhile = fleet.log().dispatches(killed + 1_000, shown);
    measured("job killed: dispatches meanwhile", meanwhile.size());
    assertThat(meanwhile).isNotEmpty().allMatch(one -> !one.version().isEmpty());
    assertThat(fleet.log().tablesSince(killed + 500)).isEmpty();

    // And when it is back weights go on in a later epoch
    fleet.system().weightsJob().orElseThrow().await().start();
    long back = System.currentTimeMillis();
    Table old = fleet.log().lastBefore(killed, "us-east").orElseThrow();
    Table resumed =
        awaitTable(killed, table -> table.weights().getEpoch() > old.weights().getEpoch());
    until(
        "dispatchers apply it",
        () ->
            fleet.log().dispatchesSince(resumed.at()).stream()
                .anyMatch(one -> one.version().startsWith(resumed.weights().getEpoch() + ".")));
    until("staleness is over", () -> !LiveMetrics.stale(fleet));
    measured("job back: first table after ms", resumed.at() - back);
  }

  @Test
  @Order(4)
  void aSlowedEngineLosesHalfOfItsShare() {
    // Given traffic that has spread after what happened before
    until(
        "the engine has a share worth the name",
        () -> {
          long at = System.currentTimeMillis();
          return fleet.log().share("us-1", at - 5_000, at) > 0.15;
        });
    long now = System.currentTimeMillis();
    double old = fleet.log().share("us-1", now - 5_000, now);

    // When its tokens take three times as long, while it says it is well
    long slowed = System.currentTimeMillis();
    fleet.engine("us-1").faults().add(new Fault.Slow(3));
    untilPast(slowed + 19_000);
    fleet.seen(slowed + 18_500);
    fleet.engine("us-1").faults().clear();

    // Then
    double late = fleet.log().share("us-1", slowed + 15_000, slowed + 18_500);
    measured("slow: share before", old);
    for (int second = 0; second < 18; second += 3) {
      measured(
          "slow: share from second " + second,
          fleet.log().share("us-1", slowed + second * 1000L, slowed + second * 1000L + 3_000));
    }
    measured("slow: share between 15 and 18.5 s", late);
    assertThat(old).as(fleet.log().history(now - 8_000)).isGreaterThan(0.1);
    assertThat(late).as(fleet.log().history(now - 8_000)).isLessThan(old / 2);
  }

  @Test
  @Order(5)
  void aKilledEngineGetsNothingMore() {
    // When
    long killed = System.currentTimeMillis();
    fleet.engine("us-2").close();
    long gone = System.currentTimeMillis();

    // Then
    Table without = awaitTable(killed, table -> table.weight("us-2") == 0);
    until("dispatchers apply it", () -> firstBy(without.version(), killed).isPresent());
    untilPast(gone + 5_000);
    fleet.seen(gone + 4_500);
    long last = lastDispatch("us-2", killed).orElse(killed);
    long applied = firstBy(without.version(), killed).orElseThrow();
    measured("kill: closing took ms", gone - killed);
    measured("kill: last dispatch after ms", last - killed);
    measured("kill: table after ms", without.at() - killed);
    measured("kill: applied after ms", applied - killed);
    String history = fleet.log().history(killed - 2_000);
    assertThat(fleet.log().share("us-2", killed - 5_000, killed)).as(history).isPositive();
    assertThat(last - killed).as(history).isLessThan(1_000);
    assertThat(applied - killed).isLessThan(2_000);
  }

  private static Table awaitTable(long from, Predicate<Table> as) {
    until("a table", () -> fleet.log().table(from, as).isPresent());
    return fleet.log().table(from, as).orElseThrow();
  }

  private static Optional<Long> lastDispatch(String engine, long from) {
    return fleet.log().dispatchesSince(from).stream()
        .filter(one -> one.engine().equals(engine))
        .map(Dispatch::at)
        .max(Long::compare);
  }

  private static Optional<Long> firstBy(String version, long from) {
    return fleet.log().dispatchesSince(from).stream()
        .filter(one -> one.version().equals(version))
        .map(Dispatch::at)
        .min(Long::compare);
  }

  private static String excluded(Table table, String engine) {
    return table.engine(engine).flatMap(EngineWeight::getExcluded).orElse("");
  }

  private static double distance(Table one, Table other) {
    return one.weights().getEngines().stream()
        .mapToDouble(engine -> Math.abs(engine.getWeight() - other.weight(engine.getEngine())))
        .sum();
  }
}
