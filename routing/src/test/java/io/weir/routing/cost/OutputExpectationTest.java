package io.weir.routing.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.config.Configs;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OutputExpectationTest {
  private static final OptionalInt UNLIMITED = OptionalInt.empty();
  private static final CostPolicy POLICY = Configs.defaults(CostPolicy.class);

  private final OutputExpectation outputs = new OutputExpectation(POLICY);

  @Test
  void sixtyPercentOfTheAnswersAreShorterThanExpected() {
    // Given answers of exponential length, mean 300
    SplittableRandom random = new SplittableRandom(1);
    double mean = 0;
    for (int i = 0; i < 5000; i++) {
      outputs.ended("t", "m", UNLIMITED, (int) (-300 * Math.log(1 - random.nextDouble())) + 1);
      mean += i >= 1000 ? outputs.tokens("t", "m", UNLIMITED) / 4000 : 0;
    }

    // Then the quantile of an exponential distribution is mean · -ln(1 − q)
    assertThat(mean).isCloseTo(-300 * Math.log(0.4), within(30.0));
  }

  @Test
  void tenantsModelsAndSizesAreToldApart() {
    for (int i = 0; i < 200; i++) {
      outputs.ended("brief", "m", UNLIMITED, 10);
      outputs.ended("wordy", "m", UNLIMITED, 1000);
      outputs.ended("wordy", "other", UNLIMITED, 50);
      outputs.ended("wordy", "m", OptionalInt.of(100), 90);
    }
    assertThat(outputs.tokens("brief", "m", UNLIMITED)).isCloseTo(10, within(2.0));
    assertThat(outputs.tokens("wordy", "m", UNLIMITED)).isCloseTo(1000, within(150.0));
    assertThat(outputs.tokens("wordy", "other", UNLIMITED)).isCloseTo(50, within(8.0));
    assertThat(outputs.tokens("wordy", "m", OptionalInt.of(128))).isCloseTo(90, within(15.0));
  }

  @Test
  void aNewTenantIsTakenForOneLikeTheOthers() {
    assertThat(outputs.tokens("new", "m", UNLIMITED)).isEqualTo(POLICY.firstOutput());
    for (int i = 0; i < 200; i++) {
      outputs.ended("old", "m", UNLIMITED, 20);
    }
    assertThat(outputs.tokens("new", "m", UNLIMITED)).isCloseTo(20, within(4.0));
    assertThat(outputs.tokens("new", "m", OptionalInt.of(7))).isEqualTo(7);
  }

  @Test
  void memoryIsBounded() {
    OutputExpectation few = new OutputExpectation(new CostPolicy(2.5, 0.6, 0.05, 256, 3));
    for (int i = 0; i < 100; i++) {
      few.ended("tenant-" + i, "m", UNLIMITED, 5);
    }
    assertThat(few.size()).isEqualTo(3);
  }

  @Test
  void costsAreCorrectedOnceTheyAreKnown() {
    RequestCost estimate = new RequestCost(1000, 200, 2.5);
    assertThat(estimate.tokens()).isEqualTo(1500);
    assertThat(estimate.correction(900, 100)).isEqualTo(-350);
  }
}
