package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.config.Configs;
import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.WeightSource;
import io.weir.routing.order.LimitPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StandingsTest {
  private static final Pool POOL =
      new Pool(Rig.POOL, List.of(), PickPolicy.LEAST_COST, WeightSource.FLINK);

  private final AtomicLong nanos = new AtomicLong();
  private final PoolWeights weights = new PoolWeights("here", POOL, nanos::get);
  private final Standings standings =
      new Standings(
          weights,
          new EngineLimits(Configs.defaults(LimitPolicy.class), Duration.ofMillis(100)),
          nanos::get);
  private final EngineSlots a = healthy("a");
  private final EngineSlots b = healthy("b");

  @Test
  void withoutATableEnginesStandByTheirConfiguration() {
    standings.review(List.of(a, b));
    assertThat(a.standing().weight()).isEqualTo(1);
    assertThat(a.standing().places()).isEqualTo(4);
    assertThat(standings.mark()).isEqualTo(WeightsMark.NONE);
  }

  @Test
  void aTableGivesWeightPriceAndPlaces() {
    // Given a source with 4 places on a and none on b
    offer(1, Map.of("a", 1.0, "b", 0.0));

    // When this dispatcher has half of the work
    standings.share(new Share(0.5, 2, 3));
    standings.review(List.of(a, b));

    // Then
    assertThat(a.standing().weight()).isEqualTo(1);
    assertThat(a.standing().places()).isEqualTo(2);
    assertThat(a.standing().dispatchers()).isEqualTo(3);
    assertThat(a.standing().cost().price()).isEqualTo(0.5);
    assertThat(b.standing().weight()).isZero();
    assertThat(b.standing().places()).isZero();
    assertThat(b.hasRoom()).isFalse();
  }

  @Test
  void anEngineTheTableDoesNotKnowWaitsUntilTheNextOneIsOverdue() {
    // Given
    EngineSlots added = healthy("c");
    offer(1, Map.of("a", 0.5, "b", 0.5));
    standings.review(List.of(a, b, added));
    assertThat(added.standing().weight()).isZero();

    // When
    nanos.addAndGet(Duration.ofSeconds(31).toNanos());
    standings.review(List.of(a, b, added));

    // Then it gets what its capacity is worth
    assertThat(added.standing().weight()).isCloseTo(0.5, within(1e-9));
    assertThat(added.standing().places()).isPositive();
    assertThat(standings.mark().stale()).isTrue();
  }

  @Test
  void aTableThatLeavesNoEngineToUseIsNoTable() {
    // Given a table that knows neither of the engines there are
    offer(1, Map.of("x", 0.5, "y", 0.5));

    // When
    standings.review(List.of(a, b));

    // Then
    assertThat(a.hasRoom()).isTrue();
    assertThat(a.standing().weight()).isEqualTo(1);
  }

  @Test
  void anEngineThatBecomesSlowIsSeenToBe() {
    // Given a plan of 8 ms a token without load
    offer(1, Map.of("a", 0.5, "b", 0.5));

    // When its streams take 40
    for (int i = 0; i < 20; i++) {
      nanos.addAndGet(Duration.ofMillis(500).toNanos());
      a.tpot().add(50, Duration.ofSeconds(2).toNanos(), nanos.get());
      standings.review(List.of(a, b));
    }

    // Then
    assertThat(a.standing().cost().slowdown()).isGreaterThan(3);
    assertThat(b.standing().cost().slowdown()).isEqualTo(1);
  }

  private void offer(long version, Map<String, Double> table) {
    assertThat(weights.offer(Tables.table("here", version, table), 0, List.of(a, b))).isPresent();
    standings.review(List.of(a, b));
  }

  private static EngineSlots healthy(String id) {
    EngineSlots engine = RttReportTest.engine(id);
    engine.healthy(true);
    return engine;
  }
}
