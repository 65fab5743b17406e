package io.weir.routing.weights;

import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Solving times, one call a sample: {@code cold} from nothing, {@code warm} from the prices of the
 * solve before with every commodity's demand moved by up to 10 %, and {@code buildAndCold} with the
 * problem put together and its equal engines and sources found first.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
public class WeightSolverBenchmark {
  /** Sources × engines. */
  @Param({"SMALL", "MEDIUM", "LARGE"})
  public FleetInstance.Size size;

  /** Demand over capacity. */
  @Param({"0.6", "0.8", "0.92"})
  public double utilisation;

  private final WeightSolver solver = new WeightSolver(SolverOptions.DEFAULTS);
  private final Random random = new Random(3);
  private FleetInstance fleet;
  private FlowProblem problem;
  private FlowProblem moved;
  private double[] prices;
  private double worstGap;

  /** Draws the fleet. */
  @Setup
  public void drawFleet() {
    fleet = new FleetInstance(size, RegionTable.load(), utilisation, 7);
    problem = fleet.problem(fleet.healthy());
    prices = solver.solve(problem, Optional.empty()).prices();
  }

  /** Moves the demand. */
  @Setup(Level.Invocation)
  public void moveDemand() {
    double[] rates = new double[problem.commodities()];
    for (int c = 0; c < rates.length; c++) {
      rates[c] = problem.rate(c) * (0.9 + 0.2 * random.nextDouble());
    }
    moved = problem.withRates(rates);
  }

  /** Says how good the worst solution was. */
  @TearDown
  public void reportGap() {
    System.out.printf("worst certified gap %.2e%n", worstGap);
  }

  /** From nothing. */
  @Benchmark
  public Solution cold() {
    return certified(solver.solve(moved, Optional.empty()));
  }

  /** From the prices of the last solve. */
  @Benchmark
  public Solution warm() {
    Solution solution = certified(solver.solve(moved, Optional.of(prices)));
    prices = solution.prices();
    return solution;
  }

  /** Building, merging and solving. */
  @Benchmark
  public Solution buildAndCold() {
    return certified(solver.solve(fleet.problem(fleet.healthy()), Optional.empty()));
  }

  private Solution certified(Solution solution) {
    worstGap = Math.max(worstGap, solution.certificate().gap());
    return solution;
  }
}
