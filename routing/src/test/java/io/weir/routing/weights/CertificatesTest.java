package io.weir.routing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatesTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void anyFlowAndAnyPricesBracketTheOptimum(long seed) {
    // Given the optimum, and a random flow and random prices
    FlowProblem problem = new RandomProblem(seed).build();
    Certificate best =
        new WeightSolver(SolverOptions.DEFAULTS).solve(problem, Optional.empty()).certificate();
    Random random = new Random(seed);
    double[] flow = new double[problem.arcs()];
    double[] shed = new double[problem.commodities()];
    for (int c = 0; c < problem.commodities(); c++) {
      double left = problem.rate(c);
      for (int arc = problem.firstArc(c); arc < problem.firstArc(c + 1); arc++) {
        flow[arc] = left * random.nextDouble();
        left -= flow[arc];
      }
      shed[c] = left;
    }
    double[] prices = random.doubles(problem.engines(), 1, 1000).toArray();

    Certificate certificate = Certificates.of(problem, flow, shed);

    assertThat(certificate.objective()).isGreaterThanOrEqualTo(best.lowerBound());
    assertThat(certificate.lowerBound()).isLessThanOrEqualTo(best.objective());
    assertThat(Certificates.lowerBound(problem, prices)).isLessThanOrEqualTo(best.objective());
  }

  @Test
  void theFrankWolfeBoundIsTightAtTheOptimum() {
    FlowProblem problem = new RandomProblem(3).build();
    Solution solution =
        new WeightSolver(new SolverOptions(0.001, 1e-3, 1e-12)).solve(problem, Optional.empty());
    double[] shed = new double[problem.commodities()];
    Arrays.setAll(shed, solution::shed);

    assertThat(Certificates.of(problem, solution.arcFlow(), shed).gap()).isLessThan(1e-3);
  }

  @Test
  void oneEngineIsCountedByHand() {
    // Given one engine at load 0.5 with n = 10, reached at 0.1 s
    FlowProblemBuilder builder = FlowProblem.builder();
    int engine = builder.engine(10, 1);
    int commodity = builder.commodity(5, 600);
    FlowProblem problem = builder.arc(commodity, engine, 0.1, 0.1).build();

    Certificate certificate = Certificates.of(problem, new double[] {5}, new double[] {0});

    // Then it costs 5·0.1 + 10·0.5/0.5, and as nothing else can be done, that is the bound
    assertThat(certificate.objective()).isCloseTo(10.5, within(1e-12));
    assertThat(certificate.lowerBound()).isCloseTo(10.5, within(1e-12));
    assertThat(certificate.gap()).isCloseTo(0, within(1e-12));
    assertThat(certificate.withObjective(21).gap()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void aFlowThatDoesNotAddUpIsRefused() {
    FlowProblemBuilder builder = FlowProblem.builder();
    int engine = builder.engine(10, 1);
    FlowProblem problem = builder.arc(builder.commodity(5, 600), engine, 0.1, 0.1).build();

    assertThatThrownBy(() -> Certificates.of(problem, new double[] {4}, new double[] {0.5}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be ≥ 0 and add up to 5.0, is 4.5");
  }
}
