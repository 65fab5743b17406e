package io.weir.routing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CongestionTest {
  private static final double N = 7;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.9499, 0.9501, 1.2, 3})
  void derivativesAreThoseOfTheCurve(double rho) {
    double h = 1e-6;
    double slope = (Congestion.value(N, rho + h) - Congestion.value(N, rho)) / h;
    double bend = (Congestion.price(N, rho + h) - Congestion.price(N, rho)) / h;

    assertThat(Congestion.price(N, rho + h / 2)).isCloseTo(slope, within(1e-6 * slope));
    assertThat(Congestion.curvature(N, rho + h / 2)).isCloseTo(bend, within(1e-5 * bend));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2, 0.95, 0.96, 2})
  void loadInvertsThePriceAndTheConjugateIsTightThere(double rho) {
    double price = Congestion.price(N, rho);

    assertThat(Congestion.load(N, price)).isCloseTo(rho, within(1e-12));
    assertThat(Congestion.conjugate(N, price))
        .isCloseTo(price * rho - Congestion.value(N, rho), within(1e-9 * (1 + price)));
    assertThat(Congestion.loadSlope(N, price) * Congestion.curvature(N, rho))
        .isCloseTo(1, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 5, 7, 100, 2800, 5000, 1e6})
  void noLoadBeatsTheConjugate(double price) {
    double conjugate = Congestion.conjugateOfLoads(N, price);

    for (double rho = 0; rho < 4; rho += 0.01) {
      assertThat(price * rho - Congestion.value(N, rho)).isLessThanOrEqualTo(conjugate + 1e-9);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, 1e-9})
  void theKneeIsTwiceContinuouslyDifferentiable(double offset) {
    double rho = Congestion.KNEE;

    assertThat(Congestion.value(N, rho + offset)).isCloseTo(Congestion.value(N, rho), within(1e-4));
    assertThat(Congestion.price(N, rho + offset)).isCloseTo(Congestion.price(N, rho), within(1e-3));
    assertThat(Congestion.curvature(N, rho + offset))
        .isCloseTo(Congestion.curvature(N, rho), within(1e-1));
  }
}
