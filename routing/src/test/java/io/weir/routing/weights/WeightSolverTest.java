package io.weir.routing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of every solution; a seed in the name of a failing test repeats it. */
class WeightSolverTest {
  private static final SolverOptions EXACT = new SolverOptions(0.01, 1e-3, 1e-13);

  static long[] seeds() {
    return java.util.stream.LongStream.range(0, 60).toArray();
  }

  private static Solution solve(FlowProblem problem) {
    return solve(problem, SolverOptions.DEFAULTS);
  }

  private static Solution solve(FlowProblem problem, SolverOptions options) {
    return new WeightSolver(options).solve(problem, Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void weightsAreSharesOfEligibleEnginesAndCertified(long seed) {
    FlowProblem problem = new RandomProblem(seed).build();

    Solution solution = solve(problem);

    for (int c = 0; c < problem.commodities(); c++) {
      double sum = 0;
      for (int e = 0; e < problem.engines(); e++) {
        double weight = solution.weight(c, e);
        assertThat(weight).isBetween(0.0, 1.0);
        if (problem.arc(c, e).isEmpty()) {
          assertThat(weight).isZero();
        }
        sum += weight;
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
      assertThat(solution.shedShare(c)).isBetween(0.0, 1.0);
    }
    assertThat(solution.certificate().gap()).isLessThanOrEqualTo(1e-3);
    assertThat(solution.path()).isEqualTo(SolvePath.COLD);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theCertificateIsThatOfThePublishedFlow(long seed) {
    FlowProblem problem = new RandomProblem(seed).build(2, 3, 1, 1);
    Solution solution = solve(problem);
    double[] shed = new double[problem.commodities()];
    Arrays.setAll(shed, solution::shed);

    Certificate again = Certificates.of(problem, solution.arcFlow(), shed, solution.prices());

    assertThat(again.objective())
        .isCloseTo(solution.certificate().objective(), within(1e-9 * again.objective()));
    assertThat(again.gap()).isLessThanOrEqualTo(1.001e-3);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void flatAndGroupedAgree(long seed) {
    // Given a problem of equal engines and sources, and one where they are unequal by rounding
    RandomProblem random = new RandomProblem(seed);
    FlowProblem grouped = random.build(3, 2, 1, 1);
    for (int e = 0; e < random.engines; e++) {
      assertThat(grouped.reduced().network().engines()).isLessThanOrEqualTo(random.engines);
    }
    FlowProblem flat = unequalByRounding(grouped);
    assertThat(flat.reduced().network().engines())
        .isGreaterThan(grouped.reduced().network().engines());

    // When both are solved exactly, then they cost the same
    double one = solve(grouped, EXACT).certificate().objective();
    double other = solve(flat, EXACT).certificate().objective();
    assertThat(other).isCloseTo(one, within(1e-9 * one));
  }

  private static FlowProblem unequalByRounding(FlowProblem problem) {
    FlowProblemBuilder builder = FlowProblem.builder();
    for (int e = 0; e < problem.engines(); e++) {
      builder.engine(problem.occupancy(e), problem.capacity(e) * (1 + 1e-14 * e));
    }
    for (int c = 0; c < problem.commodities(); c++) {
      builder.commodity(problem.rate(c), problem.shedPriceSeconds(c) * (1 + 1e-14 * c));
      for (int i = problem.firstArc(c); i < problem.firstArc(c + 1); i++) {
        builder.arc(c, problem.engine(i), problem.workSeconds(i), problem.geographySeconds(i));
      }
    }
    return builder.build();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void unitsDoNotMatter(long seed) {
    RandomProblem random = new RandomProblem(seed);
    FlowProblem seconds = random.build();
    FlowProblem millis = random.build(1000, 10);

    Solution one = solve(seconds, EXACT);
    Solution other = solve(millis, EXACT.withTauSeconds(EXACT.tauSeconds() * 100));

    for (int arc = 0; arc < seconds.arcs(); arc++) {
      assertThat(other.weight(arc)).isCloseTo(one.weight(arc), within(1e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void removingAnEngineNeverLowersTheCost(long seed) {
    double before = solve(new RandomProblem(seed).build()).certificate().lowerBound();

    for (int e = 0; e < new RandomProblem(seed).engines; e++) {
      FlowProblem less = new RandomProblem(seed).without(e).build();
      assertThat(solve(less).certificate().objective())
          .isGreaterThanOrEqualTo(before * (1 - 1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyWarmStartLeadsToTheSameCost(long seed) {
    FlowProblem problem = new RandomProblem(seed).build();
    double cold = solve(problem, EXACT).certificate().objective();
    Random random = new Random(seed);
    double[] absurd = random.doubles(problem.engines(), -20, 20).map(Math::exp).toArray();
    absurd[0] = Double.NaN;

    Solution warm = new WeightSolver(EXACT).solve(problem, Optional.of(absurd));

    assertThat(warm.certificate().objective()).isCloseTo(cold, within(1e-6 * cold));
  }

  @Test
  void aSolutionIsAWarmStartThatNeedsNoStep() {
    FlowProblem problem = new RandomProblem(4).build();
    WeightSolver solver = new WeightSolver(SolverOptions.DEFAULTS);
    Solution cold = solver.solve(problem, Optional.empty());

    Solution warm = solver.solve(problem, Optional.of(cold.prices()));

    assertThat(warm.path()).isEqualTo(SolvePath.WARM);
    assertThat(warm.iterations()).isZero();
  }

  @Test
  void theSameProblemGivesTheSameBits() {
    FlowProblem problem = new RandomProblem(9).build();

    assertThat(solve(problem).prices()).isEqualTo(solve(problem).prices());
    assertThat(solve(problem).arcFlow()).isEqualTo(solve(problem).arcFlow());
  }

  @Test
  void symmetricProblemsHaveSymmetricWeights() {
    // Given two sources, each near one of two equal engines
    FlowProblemBuilder builder = FlowProblem.builder();
    int[] engines = {builder.engine(10, 1), builder.engine(10, 1)};
    for (int c = 0; c < 2; c++) {
      builder.commodity(3, 600);
      builder.arc(c, engines[c], 0.2, 0.001).arc(c, engines[1 - c], 0.2, 0.08);
    }

    Solution solution = solve(builder.build(), EXACT);

    assertThat(solution.weight(0, 0)).isCloseTo(solution.weight(1, 1), within(1e-9));
    assertThat(solution.weight(0, 1)).isCloseTo(solution.weight(1, 0), within(1e-9));
    assertThat(solution.weight(0, 0)).isGreaterThan(0.9);
    assertThat(solution.load(0)).isCloseTo(0.6, within(1e-9));
    assertThat(solution.reducedCost(0, 1)).isCloseTo(0.079, within(1e-6));
  }

  @Test
  void overloadShedsTheClassThatIsWorthLess() {
    // Given twice the demand one engine can serve, half of it worth ten times the other
    FlowProblemBuilder builder = FlowProblem.builder();
    int engine = builder.engine(10, 1);
    int cheap = builder.commodity(5, 30);
    int dear = builder.commodity(4, 300);
    builder.arc(cheap, engine, 0.2, 0).arc(dear, engine, 0.2, 0);

    Solution solution = solve(builder.build());

    assertThat(solution.shedShare(cheap)).isGreaterThan(0.8);
    assertThat(solution.shedShare(dear)).isLessThan(1e-6);
    assertThat(solution.mu(cheap)).isGreaterThan(29.9);
    assertThat(solution.mu(dear)).isLessThan(300);
    assertThat(solution.weight(cheap, engine)).isCloseTo(1, within(1e-12));
    assertThat(solution.load(engine)).isLessThan(1);
  }

  @Test
  void demandThatNobodyMayServeIsShedAndIdleEnginesHaveTheirIdlePrice() {
    FlowProblemBuilder builder = FlowProblem.builder();
    int idle = builder.engine(10, 1);
    int unreachable = builder.engine(7, 1);
    int lost = builder.commodity(2, 50);
    int quiet = builder.commodity(0, 50);
    builder.arc(quiet, idle, 0.2, 0.01);

    Solution solution = solve(builder.build());

    assertThat(solution.shed(lost)).isEqualTo(2);
    assertThat(solution.mu(lost)).isInfinite();
    assertThat(solution.weight(quiet, idle)).isEqualTo(1);
    assertThat(solution.load(idle)).isZero();
    assertThat(solution.price(idle)).isCloseTo(10, within(1e-3));
    assertThat(solution.price(unreachable)).isEqualTo(7);
    assertThat(solution.certificate().objective()).isCloseTo(100, within(1e-6));
  }

  @Test
  void anEmptyProblemIsSolved() {
    assertThat(solve(FlowProblem.builder().build()).certificate().gap()).isZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void gradientProjectionTakesOverWhereNewtonIsNotEnough(long seed) {
    // Given a gap that no tau reaches within ten halvings of a large one
    FlowProblem problem = new RandomProblem(seed).build();
    SolverOptions coarse = new SolverOptions(1e4, 1e-3, 1e-6);

    Solution solution = solve(problem, coarse);

    assertThat(solution.path()).isEqualTo(SolvePath.PROJECTED);
    assertThat(solution.certificate().gap()).isLessThanOrEqualTo(5e-3);
    assertThat(solution.certificate().objective())
        .isCloseTo(
            solve(problem).certificate().objective(),
            within(6e-3 * solution.certificate().objective()));
  }

  @Test
  void warmPricesMustFitTheProblem() {
    FlowProblem problem = new RandomProblem(1).build();
    WeightSolver solver = new WeightSolver(SolverOptions.DEFAULTS);

    assertThatThrownBy(() -> solver.solve(problem, Optional.of(new double[1])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("engines, not 1");
  }
}
