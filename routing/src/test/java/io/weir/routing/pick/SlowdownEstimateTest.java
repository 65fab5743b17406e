package io.weir.routing.pick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SlowdownEstimateTest {
  @Test
  void anEngineThreeTimesSlowerIsKnownToBeAfterAFewSamples() {
    SlowdownEstimate estimate = new SlowdownEstimate();
    assertThat(estimate.ratio(0)).isEqualTo(1);
    for (int second = 1; second <= 3; second++) {
      estimate.measured(30, 10, second * 1000L);
    }
    assertThat(estimate.ratio(3000)).isGreaterThan(1.5);
    for (int second = 4; second <= 30; second++) {
      estimate.measured(30, 10, second * 1000L);
    }
    assertThat(estimate.ratio(30_000)).isCloseTo(3, within(0.2));
  }

  @Test
  void whatIsNotMeasuredAnyMoreIsForgotten() {
    SlowdownEstimate estimate = new SlowdownEstimate();
    estimate.measured(100, 1, 0);
    double before = estimate.ratio(0);
    assertThat(estimate.ratio(30_000)).isCloseTo(Math.sqrt(before), within(1e-9));
    assertThat(estimate.ratio(3_600_000)).isCloseTo(1, within(1e-9));
  }

  @Test
  void nonsenseIsNotTakenIn() {
    SlowdownEstimate estimate = new SlowdownEstimate();
    estimate.measured(Double.NaN, 10, 0);
    assertThat(estimate.ratio(0)).isEqualTo(1);
    estimate.measured(Double.POSITIVE_INFINITY, 10, 0);
    assertThat(estimate.ratio(0)).isLessThanOrEqualTo(16);
  }
}
