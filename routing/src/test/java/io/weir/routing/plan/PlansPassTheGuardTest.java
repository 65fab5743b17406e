package io.weir.routing.plan;

import static io.weir.routing.plan.Pools.EAST;
import static io.weir.routing.plan.Pools.WEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.pick.TableGuard;
import io.weir.routing.pick.TableVerdict;
import io.weir.routing.pick.TableVerdict.Accepted;
import io.weir.routing.pick.WeightTable;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dispatchers refuse tables that look wrong: no table that is planned may. */
class PlansPassTheGuardTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyPublishedTableIsAccepted(long seed) {
    // Given sources whose demand swings between nothing and twice what there is, and drains
    Random random = new Random(seed);
    Rounds rounds = new Rounds();
    Map<String, WeightTable> inForce = new HashMap<>();
    for (int round = 0; round < 80; round++) {
      rounds.now += 500 + random.nextInt(4000);
      Set<String> drained = new HashSet<>();
      List<EngineState> engines = new ArrayList<>();
      for (EngineState engine : Pools.engines(3)) {
        boolean drain = engine.id().equals("e1") && round % 20 > 14;
        engines.add(Pools.draining(engine, drain));
        if (drain) {
          drained.add(engine.id());
        }
      }
      double all = 6 * Pools.capacity();
      List<DemandRate> demand =
          List.of(
              demand(random, EAST, RequestClass.PRIORITY, all, rounds.now),
              demand(random, EAST, RequestClass.BATCH, all, rounds.now),
              demand(random, WEST, RequestClass.STANDARD, all, rounds.now));

      // When
      Plan plan = rounds.plan(engines, demand);

      // Then
      for (RoutingWeights table : plan.publish()) {
        TableVerdict verdict =
            new TableGuard(table.getSource(), "chat")
                .check(
                    Optional.ofNullable(inForce.get(table.getSource())), table, drained::contains);
        assertThat(verdict)
            .as("seed %d round %d %s", seed, round, plan.reason())
            .isInstanceOf(Accepted.class);
        inForce.put(table.getSource(), ((Accepted) verdict).table());
      }
    }
    assertThat(inForce).hasSize(2);
  }

  private static DemandRate demand(
      Random random, SourceRegion source, RequestClass requestClass, double all, long now) {
    double part = random.nextInt(4) == 0 ? 0 : .7 * random.nextDouble();
    return Pools.demand(source, requestClass, part * all, now);
  }
}
