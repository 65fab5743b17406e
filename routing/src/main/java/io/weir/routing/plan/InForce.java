package io.weir.routing.plan;

import io.weir.schemas.EngineWeight;
import io.weir.schemas.PlanState;
import io.weir.schemas.RoutingWeights;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The published tables, as they look on the engines that are eligible now.
 *
 * @param weights over the problem's columns
 * @param complete true if every source has a table
 * @param lost true if traffic goes to an engine that is no longer eligible
 * @param changed true if the tables say otherwise than now which engines are eligible, or why not
 */
record InForce(SourceWeights weights, boolean complete, boolean lost, boolean changed) {
  /** Less than this in an engine's row is what rounding leaves. */
  private static final double NOTHING = 1e-9;

  static InForce of(PoolProblem problem, PlanState memory) {
    Map<String, RoutingWeights> tables = new HashMap<>();
    memory.getTables().forEach(table -> tables.put(table.getSource(), table));
    double[][] rows = new double[problem.inputs().sources().size()][problem.columns().size()];
    boolean complete = rows.length > 0;
    boolean lost = false;
    boolean changed = false;
    for (int s = 0; s < rows.length; s++) {
      RoutingWeights table = tables.get(problem.inputs().sources().get(s).source());
      if (table == null) {
        complete = false;
        continue;
      }
      double kept = read(table, problem, rows[s]);
      lost |= kept < 1 - NOTHING;
      changed |= !sameEligibility(table, problem);
    }
    return new InForce(new SourceWeights(rows), complete, lost, changed);
  }

  /**
   * What the tables become if nothing better is known: what went to lost engines goes to the others
   * by their capacity.
   */
  SourceWeights withoutLost(PoolProblem problem) {
    double[] prior = problem.priors();
    double[][] rows = new double[weights.sources()][];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = weights.row(s).clone();
      double missing = 1;
      for (double weight : rows[s]) {
        missing -= weight;
      }
      for (int column = 0; column < prior.length; column++) {
        rows[s][column] += Math.max(0, missing) * prior[column];
      }
      SourceWeights.normalise(rows[s]);
    }
    return new SourceWeights(rows);
  }

  private static double read(RoutingWeights table, PoolProblem problem, double[] row) {
    Map<String, Double> weights = new HashMap<>();
    table.getEngines().forEach(e -> weights.put(e.getEngine(), e.getWeight()));
    double kept = 0;
    for (int column = 0; column < row.length; column++) {
      String engine = problem.inputs().engines().get(problem.columns().get(column)).id();
      row[column] = weights.getOrDefault(engine, 0.0);
      kept += row[column];
    }
    return kept;
  }

  private static boolean sameEligibility(RoutingWeights table, PoolProblem problem) {
    Map<String, Optional<String>> then = new HashMap<>();
    for (EngineWeight engine : table.getEngines()) {
      then.put(engine.getEngine(), engine.getExcluded());
    }
    Map<String, Optional<String>> now = new HashMap<>();
    for (int e = 0; e < problem.inputs().engines().size(); e++) {
      now.put(
          problem.inputs().engines().get(e).id(),
          problem.eligibility().excluded().get(e).map(Eligibility.Exclusion::label));
    }
    return then.equals(now);
  }
}
