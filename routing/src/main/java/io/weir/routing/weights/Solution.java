package io.weir.routing.weights;

/**
 * Weights and the numbers that explain them: a price explains an engine, a reduced cost explains
 * why an engine got nothing, and {@code mu > pi} explains shedding.
 */
public final class Solution {
  private final FlowProblem problem;
  private final MergedSolution merged;

  Solution(FlowProblem problem, MergedSolution merged) {
    this.problem = problem;
    this.merged = merged;
  }

  /** The problem this solves. */
  public FlowProblem problem() {
    return problem;
  }

  /** Share of a commodity's served traffic that goes over an arc, 0 to 1; they sum to one. */
  public double weight(int arc) {
    ReducedProblem reduced = problem.reduced();
    int members = reduced.network().members()[reduced.engineOf()[problem.engine(arc)]];
    return merged.weight()[reduced.arcOf()[arc]] / members;
  }

  /** The weight of a pair, 0 if it is ineligible. */
  public double weight(int commodity, int engine) {
    var arc = problem.arc(commodity, engine);
    return arc.isPresent() ? weight(arc.getAsInt()) : 0;
  }

  /** Requests per second the plan turns away of a commodity. */
  public double shed(int commodity) {
    return problem.rate(commodity) * shedShare(commodity);
  }

  /** Share of a commodity's demand the plan turns away, 0 to 1. */
  public double shedShare(int commodity) {
    int at = problem.reduced().commodityOf()[commodity];
    return at < 0 ? 1 : merged.shedShare()[at];
  }

  /** Requests per second of every arc, as {@link Certificates} takes them. */
  public double[] arcFlow() {
    double[] flow = new double[problem.arcs()];
    for (int c = 0; c < problem.commodities(); c++) {
      double served = problem.rate(c) - shed(c);
      for (int arc = problem.firstArc(c); arc < problem.firstArc(c + 1); arc++) {
        flow[arc] = served * weight(arc);
      }
    }
    return flow;
  }

  /**
   * mu: the cost in seconds of one more request of a commodity on its cheapest engine, infinite if
   * it has none. Above the commodity's shed price, the plan sheds.
   */
  public double mu(int commodity) {
    double least = Double.POSITIVE_INFINITY;
    for (int arc = problem.firstArc(commodity); arc < problem.firstArc(commodity + 1); arc++) {
      least = Math.min(least, cost(arc));
    }
    return least;
  }

  /** g + a·p: what one more request over an arc costs, in seconds. */
  public double cost(int arc) {
    return problem.geographySeconds(arc) + problem.workSeconds(arc) * price(problem.engine(arc));
  }

  /**
   * How much dearer an arc is than the best of its commodity, in seconds ≥ 0.
   *
   * @param commodity the arc's
   */
  public double reducedCost(int commodity, int arc) {
    return cost(arc) - mu(commodity);
  }

  /** rho: planned load of an engine, 1 is saturation. */
  public double load(int engine) {
    int at = problem.reduced().engineOf()[engine];
    return at < 0 ? 0 : merged.load()[at];
  }

  /** p: seconds of delay one more engine-second of work on an engine costs; n if it is idle. */
  public double price(int engine) {
    int at = problem.reduced().engineOf()[engine];
    return at < 0 ? problem.occupancy(engine) : merged.price()[at];
  }

  /** The price of every engine: where the next solve may start from. */
  public double[] prices() {
    double[] prices = new double[problem.engines()];
    for (int e = 0; e < prices.length; e++) {
      prices[e] = price(e);
    }
    return prices;
  }

  /** The randomisation a commodity's weights were solved with, in seconds. */
  public double tauSeconds(int commodity) {
    int at = problem.reduced().commodityOf()[commodity];
    return at < 0 ? merged.tauGoal() : merged.tau()[at];
  }

  /** How good the flow is, over all components. */
  public Certificate certificate() {
    return merged.certificate();
  }

  /** How it was found; over several components, the worst. */
  public SolvePath path() {
    return merged.path();
  }

  /** Newton steps it took, over all components. */
  public int iterations() {
    return merged.iterations();
  }
}
