package io.weir.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.launcher.bench.RateProfile.Burst;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static List<Shot> all(Iterator<Shot> shots) {
    List<Shot> all = new ArrayList<>();
    shots.forEachRemaining(all::add);
    return all;
  }

  @Test
  void constantArrivalsAreEvenlySpaced() {
    List<Shot> shots = all(Arrivals.constant(RateProfile.steady(4), Duration.ofSeconds(1), 10, 20));

    assertThat(shots)
        .extracting(Shot::offsetNanos)
        .containsExactly(0L, 250_000_000L, 500_000_000L, 750_000_000L);
    assertThat(shots).allMatch(shot -> shot.promptTokens() == 10 && shot.outputTokens() == 20);
  }

  @Test
  void poissonArrivalsHaveTheRateAndExponentialGaps() {
    List<Shot> shots =
        all(Arrivals.poisson(RateProfile.steady(100), Duration.ofSeconds(1000), 1, 1, 7));

    assertThat((double) shots.size()).isCloseTo(100_000, within(1_500.0));
    double mean = 0.01e9;
    long longer = 0;
    for (int i = 1; i < shots.size(); i++) {
      if (shots.get(i).offsetNanos() - shots.get(i - 1).offsetNanos() > mean) {
        longer++;
      }
    }
    assertThat((double) longer / shots.size()).isCloseTo(Math.exp(-1), within(0.01));
  }

  @Test
  void sameSeedGivesSameArrivals() {
    assertThat(all(Arrivals.poisson(RateProfile.steady(50), Duration.ofSeconds(2), 1, 1, 3)))
        .isEqualTo(all(Arrivals.poisson(RateProfile.steady(50), Duration.ofSeconds(2), 1, 1, 3)))
        .isNotEqualTo(
            all(Arrivals.poisson(RateProfile.steady(50), Duration.ofSeconds(2), 1, 1, 4)));
  }

  @Test
  void traceIsPlayedFasterAndCutOff() {
    List<Shot> trace =
        List.of(
            new Shot(0, 1, 1, List.of()),
            new Shot(4_000_000_000L, 2, 2, List.of(5)),
            new Shot(8_000_000_000L, 3, 3, List.of()));

    assertThat(all(Arrivals.trace(trace, 4, Duration.ofMillis(1_500))))
        .containsExactly(new Shot(0, 1, 1, List.of()), new Shot(1_000_000_000L, 2, 2, List.of(5)));
  }

  @Test
  void burstsComeAgainAndAgain() {
    // Given 10/s for 2 s and 30/s for 1 s in turn
    Burst burst = new Burst(Duration.ofSeconds(2), 3, Duration.ofSeconds(1));
    RateProfile rate = new RateProfile(10, Optional.of(burst));

    // When
    for (List<Shot> shots :
        List.of(
            all(Arrivals.constant(rate, Duration.ofMinutes(5), 1, 1)),
            all(Arrivals.poisson(rate, Duration.ofMinutes(5), 1, 1, 7)))) {
      // Then three in five come within bursts, which are a third of the time
      long within = shots.stream().filter(shot -> burst.covers(shot.offsetNanos())).count();
      assertThat(shots).hasSizeBetween(4_800, 5_200);
      assertThat((double) within / shots.size()).isCloseTo(0.6, within(0.02));
    }
  }
}
