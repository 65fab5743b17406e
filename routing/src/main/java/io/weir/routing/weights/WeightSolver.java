package io.weir.routing.weights;

import java.util.Arrays;
import java.util.Optional;

/**
 * Solves {@link FlowProblem}s. Deterministic and without state: the same problem, options and
 * prices give the same weights to the last bit. One thread; no memory in proportion to arcs is
 * taken per iteration.
 */
public final class WeightSolver {
  private final SolverOptions options;

  public WeightSolver(SolverOptions options) {
    this.options = options;
  }

  /**
   * The weights of a problem, with their certificate. Any problem has a solution, also an
   * overloaded one or one without engines; whether it was found is the certificate's to say.
   *
   * @param warmPrices prices of an earlier solution, one for each engine, to start from; engines
   *     that are new have NaN or 0. They may be those of a very different state of affairs
   */
  public Solution solve(FlowProblem problem, Optional<double[]> warmPrices) {
    ReducedProblem reduced = problem.reduced();
    double[] warm =
        warmPrices
            .map(prices -> merge(problem, prices))
            .orElse(new double[reduced.network().engines()]);
    ComponentSolver solver = new ComponentSolver(reduced, reduced.rates(problem), options);
    for (Component part : reduced.components()) {
      solver.solve(part, warm);
    }
    return new Solution(problem, withUnroutable(problem, solver.solution()));
  }

  /** Mean price of each merged engine's members that have one, else the mean of all, else 0. */
  private static double[] merge(FlowProblem problem, double[] prices) {
    if (prices.length != problem.engines()) {
      throw new IllegalArgumentException(
          "there are " + problem.engines() + " engines, not " + prices.length);
    }
    ReducedProblem reduced = problem.reduced();
    double[] sum = new double[reduced.network().engines()];
    int[] count = new int[sum.length];
    for (int e = 0; e < prices.length; e++) {
      int at = reduced.engineOf()[e];
      if (at >= 0 && prices[e] > 0 && Double.isFinite(prices[e])) {
        sum[at] += prices[e];
        count[at]++;
      }
    }
    double overall = Arrays.stream(sum).sum() / Math.max(1, Arrays.stream(count).sum());
    for (int at = 0; at < sum.length; at++) {
      sum[at] = count[at] > 0 ? sum[at] / count[at] : overall;
    }
    return sum;
  }

  /** Adds the cost of demand that no engine may serve; it is all shed, and exactly so. */
  private static MergedSolution withUnroutable(FlowProblem problem, MergedSolution merged) {
    double cost = 0;
    for (int c = 0; c < problem.commodities(); c++) {
      if (problem.reduced().commodityOf()[c] < 0) {
        cost += problem.rate(c) * problem.shedPriceSeconds(c);
      }
    }
    return merged.plus(new Certificate(cost, cost));
  }
}
