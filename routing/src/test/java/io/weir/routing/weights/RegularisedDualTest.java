package io.weir.routing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The derivatives, against differences of the function they are derivatives of. */
class RegularisedDualTest {
  private static final double TAU = 0.7;

  private static final class Fixture {
    final ReducedProblem reduced;
    final double[] price;
    final RegularisedDual dual;
    final Component part;

    Fixture(long seed) {
      FlowProblem problem = new RandomProblem(seed).build(2, 2, 1, 1);
      reduced = problem.reduced();
      price = new Random(seed).doubles(reduced.network().engines(), 20, 200).toArray();
      dual = new RegularisedDual(reduced, reduced.rates(problem), price);
      part = reduced.components().getFirst();
    }

    double valueAt(int engine, double price) {
      double before = this.price[engine];
      this.price[engine] = price;
      dual.evaluate(part, TAU);
      this.price[engine] = before;
      return dual.value();
    }

    double[] gradient(double tau) {
      dual.evaluate(part, tau);
      return dual.gradient().clone();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theGradientIsTheSlopeOfTheDual(long seed) {
    Fixture f = new Fixture(seed);
    double[] gradient = f.gradient(TAU);

    for (int e = f.part.firstEngine(); e < f.part.endEngine(); e++) {
      double h = 1e-5 * f.price[e];
      double slope = (f.valueAt(e, f.price[e] + h) - f.valueAt(e, f.price[e] - h)) / (2 * h);
      assertThat(gradient[e]).isCloseTo(slope, within(1e-5 * (1 + Math.abs(slope))));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theCurvatureIsTheNegativeSlopeOfTheGradient(long seed) {
    Fixture f = new Fixture(seed);
    Curvature curvature = new Curvature(f.dual);
    f.dual.evaluate(f.part, TAU);
    curvature.update(f.part, TAU);
    int engines = f.price.length;
    double[] column = new double[engines];

    for (int e = f.part.firstEngine(); e < f.part.endEngine(); e++) {
      double[] unit = new double[engines];
      unit[e] = 1;
      curvature.multiply(f.part, unit, column);
      double h = 1e-5 * f.price[e];
      double before = f.price[e];
      f.price[e] = before + h;
      double[] above = f.gradient(TAU);
      f.price[e] = before - h;
      double[] below = f.gradient(TAU);
      f.price[e] = before;
      for (int k = f.part.firstEngine(); k < f.part.endEngine(); k++) {
        assertThat(column[k]).isCloseTo(-(above[k] - below[k]) / (2 * h), within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theTauSlopeIsThatOfTheGradient(long seed) {
    Fixture f = new Fixture(seed);
    double[] slope = new double[f.price.length];
    f.dual.evaluate(f.part, TAU);
    f.dual.tauSlope(f.part, TAU, slope);

    double[] above = f.gradient(TAU + 1e-5);
    double[] below = f.gradient(TAU - 1e-5);
    for (int e = f.part.firstEngine(); e < f.part.endEngine(); e++) {
      assertThat(slope[e]).isCloseTo((above[e] - below[e]) / 2e-5, within(1e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void bothNewtonSystemsFindTheSameDirection(long seed) {
    Fixture f = new Fixture(seed);
    Curvature curvature = new Curvature(f.dual);
    f.dual.evaluate(f.part, TAU);
    curvature.update(f.part, TAU);
    int engines = f.price.length;
    double[] dense = new double[engines];
    double[] sparse = new double[engines];

    new Cholesky(engines).solve(f.part, curvature, f.dual.gradient(), dense);
    new ConjugateGradients(engines).solve(f.part, curvature, f.dual.gradient(), sparse);

    double largest = Arrays.stream(dense).map(Math::abs).max().orElseThrow();
    for (int e = f.part.firstEngine(); e < f.part.endEngine(); e++) {
      assertThat(sparse[e]).isCloseTo(dense[e], within(0.05 * largest));
    }
  }
}
