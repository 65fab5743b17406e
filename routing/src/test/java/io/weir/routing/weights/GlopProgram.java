package io.weir.routing.weights;

import com.google.ortools.Loader;
import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPObjective;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPVariable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The flow problem as a linear program: each congestion curve by its chords, which lie above it by
 * no more than a given share of it (or of a hundredth of n, near zero). Knows nothing of duals,
 * prices or tau.
 */
final class GlopProgram {
  /** Chords go this far; what is beyond has the slope of the last. */
  private static final double LARGEST_LOAD = 1.02;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Flow(double[] arcFlow, double[] shed, double piecewiseObjective) {}

  private GlopProgram() {}

  /** Loads the native library; what was wrong if it cannot be. */
  static Optional<String> load() {
    try {
      Loader.loadNativeLibraries();
      return Optional.empty();
    } catch (RuntimeException | UnsatisfiedLinkError e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static Flow solve(FlowProblem problem, double error) {
    MPSolver solver = MPSolver.createSolver("GLOP");
    MPObjective objective = solver.objective();
    MPConstraint[] load = new MPConstraint[problem.engines()];
    for (int e = 0; e < load.length; e++) {
      load[e] = solver.makeConstraint(0, 0);
      List<Double> ends = breakpoints(error);
      double begin = 0;
      for (int k = 0; k < ends.size(); k++) {
        double end = ends.get(k);
        double width = k == ends.size() - 1 ? MPSolver.infinity() : end - begin;
        MPVariable segment = solver.makeNumVar(0, width, "");
        double n = problem.occupancy(e);
        objective.setCoefficient(
            segment, (Congestion.value(n, end) - Congestion.value(n, begin)) / (end - begin));
        load[e].setCoefficient(segment, -1);
        begin = end;
      }
    }
    MPVariable[] flow = new MPVariable[problem.arcs()];
    MPVariable[] shed = new MPVariable[problem.commodities()];
    for (int c = 0; c < shed.length; c++) {
      MPConstraint demand = solver.makeConstraint(problem.rate(c), problem.rate(c));
      shed[c] = solver.makeNumVar(0, MPSolver.infinity(), "");
      demand.setCoefficient(shed[c], 1);
      objective.setCoefficient(shed[c], problem.shedPriceSeconds(c));
      for (int i = problem.firstArc(c); i < problem.firstArc(c + 1); i++) {
        flow[i] = solver.makeNumVar(0, MPSolver.infinity(), "");
        demand.setCoefficient(flow[i], 1);
        load[problem.engine(i)].setCoefficient(flow[i], problem.workSeconds(i));
        objective.setCoefficient(flow[i], problem.geographySeconds(i));
      }
    }
    objective.setMinimization();
    MPSolver.ResultStatus status = solver.solve();
    if (status != MPSolver.ResultStatus.OPTIMAL) {
      throw new IllegalStateException("GLOP ended " + status);
    }
    Flow solution = new Flow(values(flow), values(shed), objective.value());
    solver.delete();
    return solution;
  }

  private static double[] values(MPVariable[] variables) {
    double[] values = new double[variables.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, variables[i].solutionValue());
    }
    return values;
  }

  /** Ends of chords, each as long as its error allows: a chord is off by at most h²/8·Phi''. */
  private static List<Double> breakpoints(double error) {
    List<Double> ends = new ArrayList<>();
    double at = 0;
    while (at < LARGEST_LOAD) {
      double allowed = error * Math.max(0.01, Congestion.value(1, at));
      double width = 0.05;
      while (width * width / 8 * Congestion.curvature(1, at + width) > allowed) {
        width *= 0.95;
      }
      at += width;
      ends.add(at);
    }
    return ends;
  }
}
