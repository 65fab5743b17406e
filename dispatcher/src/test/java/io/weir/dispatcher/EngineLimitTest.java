package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.order.LimitPolicy;
import io.weir.routing.pick.EngineCost;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineLimitTest {
  private static final LimitPolicy POLICY = Configs.defaults(LimitPolicy.class);
  private static final EngineProfile PROFILE =
      EngineProfiles.named("a100-llama-3-8b").orElseThrow();
  private static final EngineCost COST = EngineCost.of(PROFILE, 1000, 250);

  private static EngineLimit limit(double tpotMillis, int most) {
    return new EngineLimit(POLICY, tpotMillis, Optional.of(PROFILE), most);
  }

  @Test
  void anEngineNobodyKnowsMayHaveAllItIsGiven() {
    assertThat(new EngineLimit(POLICY, 100, Optional.empty(), 64).requests()).isEqualTo(64);
  }

  @Test
  void theModelIsWhereItBegins() {
    assertThat(limit(20, 256).requests()).isBetween(4, 100);
    assertThat(limit(100, 256).requests()).isGreaterThan(limit(20, 256).requests());
  }

  @Test
  void whereNothingIsMeasuredTheLimitGoesAway() {
    EngineLimit limit = limit(20, 64);
    int begin = limit.requests();
    for (int i = 0; i < 200; i++) {
      limit.measured(Double.NaN, COST, limit.requests());
    }
    assertThat(begin).isLessThan(64);
    assertThat(limit.requests()).isEqualTo(64);
    assertThat(limit.prefillTokens()).isInfinite();
  }

  @Test
  void anEngineThatIsFasterThanItsProfileIsNotHeldToIt() {
    EngineLimit limit = limit(20, 64);
    for (int i = 0; i < 200; i++) {
      limit.measured(0.2, COST.withSlowdown(0.25), limit.requests());
    }
    assertThat(limit.requests()).isEqualTo(64);
    assertThat(limit.prefillTokens()).isInfinite();
  }

  @Test
  void aPaceAboveTheTargetLowersIt() {
    EngineLimit limit = limit(100, 64);
    assertThat(limit.requests()).isEqualTo(64);
    for (int i = 0; i < 200; i++) {
      // An engine of 2 ms a token more for each request.
      double tpot = 10 + 2.5 * limit.requests();
      limit.measured(tpot, COST, limit.requests());
    }
    assertThat(10 + 2.5 * limit.requests()).isBetween(80.0, 120.0);
    assertThat(limit.prefillTokens()).isFinite();
  }

  @Test
  void anEngineThatIsTooSlowAtAnyLoadIsNotStarved() {
    // Given one that takes 200 ms for a token whatever it has
    EngineLimit limit = limit(100, 64);
    EngineCost slow = COST.withSlowdown(16);
    for (int i = 0; i < 200; i++) {
      limit.measured(200, slow, limit.requests());
    }
    assertThat(limit.requests()).isGreaterThan(40);
  }
}
