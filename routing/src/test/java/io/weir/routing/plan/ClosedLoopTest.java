package io.weir.routing.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The planner, the calibrator and the demand estimate around engines that answer to them. */
class ClosedLoopTest {
  private static final int ENGINES = 4;

  @ParameterizedTest
  @CsvSource({"0.5, 0", "0.7, 0", "0.7, 3000", "0.85, 1000"})
  void equalEnginesKeepEqualSharesWhateverTheDelay(double load, long delayMillis) {
    // Given
    ClosedLoop loop = new ClosedLoop(ENGINES, load * ENGINES * Pools.capacity(), delayMillis, 11);
    loop.run(30);

    // When
    List<double[]> weights = loop.run(90);

    // Then weights neither drift nor swing
    assertThat(weights)
        .allMatch(row -> Arrays.stream(row).allMatch(weight -> weight > .23 && weight < .27));
  }

  @ParameterizedTest
  @CsvSource({"0.3, 1", "0.5, 1", "0.6, 2"})
  void anEngineThatBecomesSlowLosesHalfItsShareSoonAndGetsItBackLater(double load, int seed) {
    // Given
    ClosedLoop loop = new ClosedLoop(ENGINES, load * ENGINES * Pools.capacity(), 0, seed);
    loop.run(40);
    double before = loop.weight(0);

    // When it takes three times as long for everything
    loop.slowDown(0, 3);
    List<double[]> after = loop.run(60);

    // Then
    assertThat(after.get(11)[0]).isLessThan(before / 2);
    assertThat(after.subList(20, 60)).allMatch(row -> row[0] < before / 2 && row[0] > 0);
    assertThat(loop.calibration(0).getCapacity()).isBetween(.2, .5);

    // And when it has recovered
    loop.slowDown(0, 1);
    List<double[]> recovered = loop.run(240);

    // Then, more slowly
    assertThat(recovered.get(2)[0]).isLessThan(before / 1.5);
    assertThat(recovered.getLast()[0]).isGreaterThan(before * .6);
  }

  @Test
  void aSurgeOfDemandReachesThePlanWithinFiveSeconds() {
    // Given
    ClosedLoop loop = new ClosedLoop(ENGINES, .7 * ENGINES * Pools.capacity(), 0, 5);
    loop.run(60);
    double before = loop.planned();

    // When
    loop.perSecond = .92 * ENGINES * Pools.capacity();
    loop.run(4);

    // Then most of it is seen
    assertThat(loop.planned()).isGreaterThan(before + .6 * .22 * ENGINES * Pools.capacity());
  }
}
