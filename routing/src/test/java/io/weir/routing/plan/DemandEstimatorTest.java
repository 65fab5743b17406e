package io.weir.routing.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.config.Configs;
import io.weir.schemas.DemandState;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TokenUsage;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemandEstimatorTest {
  private static final long START = 1_700_000_000_000L;

  private final DemandEstimator estimator =
      new DemandEstimator(Configs.defaults(DemandPolicy.class));
  private final Random random = new Random(42);
  private DemandState state = DemandEstimator.initial(START);
  private double at = START;

  private void poisson(double perSecond, double seconds) {
    double end = at + seconds * 1e3;
    double next = at;
    while ((next += -Math.log(1 - random.nextDouble()) / perSecond * 1e3) < end) {
      state = estimator.offered(state, (long) next, 800, 100);
    }
    at = end;
    state = estimator.advance(state, (long) at);
  }

  private DemandRate rate() {
    return estimator.rate(state, "east", "chat", RequestClass.STANDARD, (long) at);
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 20, 200})
  void aSteadyRateIsFoundWithItsBurst(double perSecond) {
    // When
    double sum = 0;
    double sigmas = 0;
    poisson(perSecond, 120);
    for (int i = 0; i < 200; i++) {
      poisson(perSecond, 2);
      sum += rate().perSecond() / 200;
      sigmas += rate().sigma() / 200;
    }

    // Then a Poisson process varies by sqrt(rate ÷ 2T) over T = 1.5 s ÷ ln 2
    double poisson = Math.sqrt(perSecond / (2 * 1.5 / Math.log(2)));
    assertThat(sum).isCloseTo(perSecond, within(.3 * poisson + .01 * perSecond));
    assertThat(sigmas).isBetween(.6 * poisson, 1.3 * poisson);
  }

  @Test
  void aSurgeIsSeenWithinSecondsAndForgottenSlowly() {
    // Given
    poisson(70, 120);

    // When demand goes up by a third
    poisson(92, 4);
    double soon = rate().perSecond();
    poisson(92, 20);
    double later = rate().perSecond();

    // Then
    assertThat(soon).isGreaterThan(83);
    assertThat(later).isBetween(81.0, 105.0);

    // And when it goes down again
    poisson(70, 5);
    assertThat(rate().perSecond()).isGreaterThan(78);
    poisson(70, 120);
    assertThat(rate().perSecond()).isCloseTo(70, within(10.0));
  }

  @Test
  void demandThatEndsDiesDown() {
    // Given
    poisson(50, 60);

    // When
    at += 300_000;

    // Then
    assertThat(rate().perSecond()).isLessThan(.1);
  }

  @Test
  void tokensAreThoseThatWereUsedOnceAnswersComeIn() {
    // Given requests that are estimated at 800 and 100 tokens
    poisson(10, 10);
    assertThat(rate().promptTokens()).isEqualTo(800, within(1e-6));
    assertThat(rate().outputTokens()).isEqualTo(100, within(1e-6));
    assertThat(rate().cachedFraction()).isZero();

    // When 200 of them used 1,000, of which 250 were cached, and 300
    for (int i = 0; i < 200; i++) {
      state = estimator.finished(state, (long) at, new TokenUsage(1000, 300, 250, false));
    }

    // Then
    assertThat(rate().promptTokens()).isBetween(970.0, 1000.0);
    assertThat(rate().outputTokens()).isBetween(275.0, 300.0);
    assertThat(rate().cachedFraction()).isCloseTo(.25, within(1e-6));
  }

  @Test
  void manyAtOnceCountLikeOneByOne() {
    // Given
    DemandState one = DemandEstimator.initial(START);
    for (int i = 0; i < 30; i++) {
      one = estimator.offered(one, START + 100, 500, 50);
    }
    DemandState many =
        estimator.offered(DemandEstimator.initial(START), START + 100, 30, 15_000, 1500);

    // Then
    assertThat(many).isEqualTo(one);
    assertThat(estimator.advance(many, START + 1000).getRate()).isEqualTo(30, within(1e-9));
  }

  @Test
  void nothingIsKnownAtFirst() {
    assertThat(rate().perSecond()).isZero();
    assertThat(rate().promptTokens()).isPositive();
  }
}
