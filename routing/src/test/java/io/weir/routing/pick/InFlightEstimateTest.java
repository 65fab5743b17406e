package io.weir.routing.pick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InFlightEstimateTest {
  @Test
  void addsWhatIsOwnSinceTheSampleForAllDispatchers() {
    // Given 10 of 40 requests at the time of a sample that comes a second later
    InFlightEstimate estimate = new InFlightEstimate();
    estimate.own(10, 5_000);
    estimate.own(13, 5_500);

    // When
    estimate.sample(40, 5_100);

    // Then 3 more of its own stand for 12
    assertThat(estimate.scale(8)).isEqualTo(4);
    assertThat(estimate.inFlight(8)).isEqualTo(52);
    estimate.own(10, 6_000);
    assertThat(estimate.inFlight(8)).isEqualTo(40);
  }

  @Test
  void theShareIsClippedToTheDispatchersThereAre() {
    InFlightEstimate estimate = new InFlightEstimate();
    estimate.own(1, 1_000);
    estimate.sample(100, 1_000);
    estimate.own(2, 2_000);
    assertThat(estimate.inFlight(4)).isEqualTo(104);
    assertThat(estimate.inFlight(1)).isEqualTo(101);
    estimate.sample(0, 2_000);
    assertThat(estimate.scale(4)).isEqualTo(1);
  }

  @Test
  void isNeverBelowTheOwnCount() {
    InFlightEstimate estimate = new InFlightEstimate();
    estimate.own(10, 1_000);
    estimate.sample(12, 1_000);
    estimate.own(0, 1_500);
    assertThat(estimate.inFlight(4)).isBetween(0.0, 0.0001);
    estimate.sample(0, 1_500);
    estimate.own(7, 1_600);
    assertThat(estimate.inFlight(1)).isEqualTo(7);
  }

  @Test
  void withoutASampleOthersAreTakenToDoTheSame() {
    InFlightEstimate estimate = new InFlightEstimate();
    estimate.own(3, 1_000);
    assertThat(estimate.inFlight(4)).isEqualTo(12);
    estimate.sample(30, 1_000);
    estimate.forget();
    assertThat(estimate.inFlight(4)).isEqualTo(12);
  }

  @Test
  void remembersItsOwnCountsForTheSpanAndNoLonger() {
    InFlightEstimate estimate = new InFlightEstimate();
    for (int t = 0; t <= 30_000; t += 10) {
      estimate.own(t / 1000, t);
    }
    estimate.sample(20, 20_000);
    assertThat(estimate.inFlight(1)).isEqualTo(30);
    estimate.sample(20, 1_000);
    assertThat(estimate.inFlight(1)).as("17 is the oldest known").isEqualTo(33);
    estimate.own(5, 1_000_000);
    estimate.sample(50, 900_000);
    assertThat(estimate.scale(99)).as("30 all the time").isCloseTo(50 / 30.0, within(1e-12));
  }

  @Test
  void dispatchersThatDoTheSameKnowTheTotalWhateverTheSamplesAge() {
    for (long seed = 0; seed < 50; seed++) {
      // Given dispatchers with equal shares that all go up and down together
      SplittableRandom random = new SplittableRandom(seed);
      int dispatchers = random.nextInt(1, 9);
      InFlightEstimate estimate = new InFlightEstimate();
      int own = random.nextInt(1, 20);
      for (int t = 0; t < 12_000; t += 50) {
        own = Math.max(1, own + random.nextInt(-2, 3));
        estimate.own(own, t);
        if (t % 5000 == 0) {
          // When samples come every five seconds
          estimate.sample(own * dispatchers, t);
        }
        // Then
        assertThat(estimate.inFlight(dispatchers))
            .as("seed %d", seed)
            .isCloseTo(own * dispatchers, within(1e-9));
      }
    }
  }
}
