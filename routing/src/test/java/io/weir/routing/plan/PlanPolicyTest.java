package io.weir.routing.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import io.weir.routing.engine.CalibrationPolicy;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanPolicyTest {
  @Test
  void defaults() {
    assertThat(Configs.defaults(PlanPolicy.class))
        .isEqualTo(
            new PlanPolicy(
                Duration.ofMillis(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                .5,
                .2,
                .01,
                .003,
                .7,
                .9,
                .005,
                .01,
                Duration.ofSeconds(60),
                .1,
                Duration.ofSeconds(5),
                .3,
                .5,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMillis(100),
                Duration.ofMillis(1),
                1,
                1000,
                200,
                1,
                new ShedPrices(
                    Duration.ofSeconds(10_000),
                    Duration.ofSeconds(600),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(30)),
                new DemandPolicy(Duration.ofSeconds(30), Duration.ofMillis(1500), 4),
                new CalibrationPolicy(.25, 1, Duration.ofSeconds(30), .7, 3, 30)));
  }

  @ParameterizedTest
  @CsvSource({
    "tau, 0s",
    "interval, 0s",
    "heartbeat, 1s",
    "step, 0",
    "max-increase, 2",
    "hysteresis, -1",
    "surge-load, 1.5",
    "max-gap, 0.5",
    "exploration, 0.9",
    "ramp-floor, 0",
    "dollar-weight, -1",
    "burst, 11",
  })
  void aBadValueIsNamed(String key, String value) {
    assertThatThrownBy(() -> Configs.with(PlanPolicy.class, Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }

  @Test
  void nestedPoliciesNameTheirKeysToo() {
    assertThatThrownBy(() -> Configs.with(ShedPrices.class, Map.of("flex", "700s")))
        .hasMessageContaining("standard");
    assertThatThrownBy(() -> Configs.with(DemandPolicy.class, Map.of("surge-half-life", "40s")))
        .hasMessageContaining("surge-half-life");
    assertThatThrownBy(() -> Configs.with(CalibrationPolicy.class, Map.of("gain", "0.9")))
        .hasMessageContaining("swing");
  }

  @Test
  void shedPricesAreSecondsByClass() {
    assertThat(Configs.defaults(ShedPrices.class).seconds(RequestClass.FLEX)).isEqualTo(120);
  }
}
