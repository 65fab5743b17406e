package io.weir.routing.plan;

import java.util.Arrays;

/**
 * Every eligible engine gets a small part of its fair share from somewhere, the nearest source that
 * has traffic to spare: an engine without traffic teaches nothing about its speed, and one that was
 * slow once would never be found to have recovered.
 */
final class Exploration {
  /** Sources with less than this part of the pool's traffic are spared. */
  private static final double LEAST_TRAFFIC = 0.05;

  private Exploration() {}

  /**
   * The weights with the floor.
   *
   * @param served requests per second of each source
   */
  static SourceWeights added(SourceWeights weights, PoolProblem problem, double[] served) {
    double total = Arrays.stream(served).sum();
    double[] prior = problem.priors();
    if (!(total > 0) || problem.inputs().policy().exploration() <= 0) {
      return weights;
    }
    double[][] rows = new double[weights.sources()][];
    Arrays.setAll(rows, s -> weights.row(s).clone());
    for (int column = 0; column < prior.length; column++) {
      double flow = 0;
      for (int s = 0; s < rows.length; s++) {
        flow += served[s] * weights.row(s)[column];
      }
      double lacking = problem.inputs().policy().exploration() * prior[column] * total - flow;
      if (lacking > 0) {
        int s = nearest(problem, problem.columns().get(column), served, total);
        rows[s][column] += lacking / served[s];
      }
    }
    Arrays.stream(rows).forEach(SourceWeights::normalise);
    return new SourceWeights(rows);
  }

  private static int nearest(PoolProblem problem, int engine, double[] served, double total) {
    int nearest = -1;
    for (int s = 0; s < served.length; s++) {
      boolean enough = served[s] >= LEAST_TRAFFIC * total / served.length;
      if (enough && (nearest < 0 || rtt(problem, s, engine) < rtt(problem, nearest, engine))) {
        nearest = s;
      }
    }
    return nearest;
  }

  private static double rtt(PoolProblem problem, int source, int engine) {
    return problem.distances().get(source).get(engine).rttSeconds();
  }
}
