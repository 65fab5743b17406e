package io.weir.routing.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random walks, surges and degraded engines: nothing is given out uncertified. */
class EpochsTest {
  @ParameterizedTest
  @CsvSource({"SMALL,0.6,1000", "SMALL,0.8,1000", "SMALL,0.92,1000", "MEDIUM,0.8,60"})
  void everyEpochIsCertified(FleetInstance.Size size, double utilisation, int epochs) {
    FleetInstance fleet = new FleetInstance(size, RegionTable.sample(), utilisation, 7);
    EpochWorkload workload = new EpochWorkload(fleet, size.sources, 11);
    WeightSolver solver = new WeightSolver(SolverOptions.DEFAULTS);
    double[] prices = solver.solve(workload.next(), Optional.empty()).prices();

    for (int epoch = 0; epoch < epochs; epoch++) {
      Solution solution = solver.solve(workload.next(), Optional.of(prices));
      assertThat(solution.certificate().gap()).as("epoch %d", epoch).isLessThanOrEqualTo(1e-3);
      prices = solution.prices();
    }
  }
}
