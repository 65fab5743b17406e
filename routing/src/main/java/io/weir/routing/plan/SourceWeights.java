package io.weir.routing.plan;

import io.weir.routing.weights.FlowProblem;
import io.weir.routing.weights.Solution;
import java.util.List;

/**
 * One row of weights a source over a problem's columns; a row sums to one, or is all 0.
 *
 * <p>Tables have one row a source, for all its classes, since a request's class does not change
 * which engine is near or free.
 */
final class SourceWeights {
  /** Less than any traffic; tells an eligible engine from one that is not. */
  private static final double TRACE = 1e-9;

  private final double[][] rows;

  SourceWeights(double[][] rows) {
    this.rows = rows;
  }

  /** The solver's weights, the classes of a source merged by their planned rates. */
  static SourceWeights of(PoolProblem problem, Solution solution) {
    FlowProblem flow = problem.flow();
    double[][] rows = new double[problem.inputs().sources().size()][problem.columns().size()];
    for (int c = 0; c < flow.commodities(); c++) {
      // A class that is shed whole still counts a little: its weights are all there is to go by.
      double rate = flow.rate(c) * Math.max(1 - solution.shedShare(c), 1e-6);
      double[] row = rows[problem.commodities().get(c).source()];
      for (int column = 0; column < row.length; column++) {
        row[column] += rate * solution.weight(flow.firstArc(c) + column);
      }
    }
    for (double[] row : rows) {
      normalise(row);
      for (int column = 0; column < row.length; column++) {
        row[column] = Math.max(row[column], TRACE);
      }
      normalise(row);
    }
    return new SourceWeights(rows);
  }

  double[] row(int source) {
    return rows[source];
  }

  int sources() {
    return rows.length;
  }

  /** Part of the way to other weights, 0 to 1. */
  SourceWeights towards(SourceWeights goal, double step) {
    double[][] mixed = new double[rows.length][];
    for (int s = 0; s < rows.length; s++) {
      mixed[s] = new double[rows[s].length];
      for (int column = 0; column < mixed[s].length; column++) {
        mixed[s][column] = (1 - step) * rows[s][column] + step * goal.rows[s][column];
      }
      normalise(mixed[s]);
    }
    return new SourceWeights(mixed);
  }

  /** Requests per second on every arc under these weights, if as much is shed as given. */
  double[] arcFlow(PoolProblem problem, double[] shed) {
    FlowProblem flow = problem.flow();
    double[] arcs = new double[flow.arcs()];
    for (int c = 0; c < flow.commodities(); c++) {
      double[] row = rows[problem.commodities().get(c).source()];
      for (int column = 0; column < row.length; column++) {
        arcs[flow.firstArc(c) + column] = (flow.rate(c) - shed[c]) * row[column];
      }
    }
    return arcs;
  }

  /** Load of every column under these weights, by the work that is planned with. */
  double[] loads(PoolProblem problem, double[] shed) {
    FlowProblem flow = problem.flow();
    double[] arcs = arcFlow(problem, shed);
    double[] loads = new double[problem.columns().size()];
    for (int arc = 0; arc < arcs.length; arc++) {
      loads[flow.engine(arc)] += arcs[arc] * flow.workSeconds(arc);
    }
    return loads;
  }

  /** Requests per second of each source that are served. */
  static double[] served(PoolProblem problem, double[] shed) {
    double[] served = new double[problem.inputs().sources().size()];
    List<Commodity> commodities = problem.commodities();
    for (int c = 0; c < commodities.size(); c++) {
      served[commodities.get(c).source()] += commodities.get(c).rate() - shed[c];
    }
    return served;
  }

  static double[] shed(Solution solution) {
    double[] shed = new double[solution.problem().commodities()];
    for (int c = 0; c < shed.length; c++) {
      shed[c] = solution.shed(c);
    }
    return shed;
  }

  static void normalise(double[] row) {
    double sum = 0;
    for (double weight : row) {
      sum += weight;
    }
    for (int column = 0; column < row.length && sum > 0; column++) {
      row[column] /= sum;
    }
  }
}
