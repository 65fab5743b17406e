package io.weir.routing.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.config.Configs;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.engine.RequestShape;
import io.weir.routing.engine.SteadyState;
import org.junit.jupiter.api.Test;

class InFlightLimitTest {
  private static final LimitPolicy POLICY = Configs.defaults(LimitPolicy.class);
  private static final RequestShape SHAPE = RequestShape.uncached(1000, 200);

  @Test
  void theModelsBatchIsTheOneWhosePaceIsTheTarget() {
    // Given a target that leaves the batch below max_num_seqs
    EngineProfile profile = EngineProfiles.named("a100-llama-3-8b").orElseThrow();
    EngineFill fill = EngineFill.of(profile, SHAPE, 60, new LimitPolicy(1, 1, 0.2, 4));

    // When that many are in flight all the time
    SteadyState steady = SteadyState.of(profile, SHAPE);
    double perMilli = fill.batch() / (200 * 60);

    // Then
    assertThat(steady.tpotMillis(perMilli * steady.workMillis(SHAPE))).isCloseTo(60, within(1e-6));
    assertThat(fill.batch()).isLessThan(profile.maxNumSeqs());
    assertThat(fill.hasRoom(3, 4, 0)).isTrue();
    assertThat(fill.hasRoom(4, 4, 0)).isFalse();
    assertThat(fill.hasRoom(3, 4, fill.prefillTokens())).isFalse();
  }

  @Test
  void comesToRestNearTheTargetOfAnEngineSlowerThanItsModel() {
    // Given an engine whose pace is 1 ms for each request in flight, and a model that says 200
    InFlightLimit limit = new InFlightLimit(POLICY, 100, 200, 256);

    // When
    for (int i = 0; i < 200; i++) {
      limit.measured(limit.limit(), limit.limit());
    }

    // Then its pace is within the target, and not far below
    assertThat(limit.limit()).isBetween(85, 103);
  }

  @Test
  void anIdleEngineTeachesNothing() {
    InFlightLimit limit = new InFlightLimit(POLICY, 100, 50, 256);
    for (int i = 0; i < 100; i++) {
      limit.measured(10, 5);
    }
    assertThat(limit.limit()).isEqualTo(50);
    for (int i = 0; i < 100; i++) {
      limit.measured(10, limit.limit());
    }
    assertThat(limit.limit()).isEqualTo(256);
  }

  @Test
  void neverClosesAnEngine() {
    InFlightLimit limit = new InFlightLimit(POLICY, 100, 50, 256);
    for (int i = 0; i < 1000; i++) {
      limit.measured(10_000, limit.limit());
    }
    assertThat(limit.limit()).isEqualTo(POLICY.least());
  }
}
