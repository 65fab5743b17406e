package io.weir.routing.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificate, against an independent linear program. */
class GlopCrossCheckTest {
  private static final double SEGMENT_ERROR = 5e-4;

  static long[] seeds() {
    return LongStream.range(100, 140).toArray();
  }

  @BeforeAll
  static void loadGlop() {
    Optional<String> missing = GlopProgram.load();
    Assumptions.assumeTrue(
        missing.isEmpty(),
        () ->
            "OR-Tools has no native library here ("
                + missing.orElseThrow()
                + "); the cross-check with GLOP runs on Linux, x86-64");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomProblems(long seed) {
    check(new RandomProblem(seed).build());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.6, 0.8, 0.92})
  void fleetOnTheMap(double utilisation) {
    FleetInstance fleet =
        new FleetInstance(FleetInstance.Size.SMALL, RegionTable.load(), utilisation, 7);
    check(fleet.problem(fleet.healthy()));
  }

  private static void check(FlowProblem problem) {
    Certificate ours =
        new WeightSolver(SolverOptions.DEFAULTS).solve(problem, Optional.empty()).certificate();

    GlopProgram.Flow flow = GlopProgram.solve(problem, 0.8 * SEGMENT_ERROR);
    double theirs = Certificates.of(problem, flow.arcFlow(), flow.shed()).objective();

    assertThat(flow.piecewiseObjective())
        .isBetween(theirs * (1 - 1e-9), theirs * (1 + SEGMENT_ERROR));
    assertThat(theirs).isGreaterThanOrEqualTo(ours.lowerBound() * (1 - 1e-12));
    assertThat(ours.objective()).isCloseTo(theirs, within(1e-3 * theirs));
  }
}
