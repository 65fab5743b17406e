package io.weir.routing.weights;

/**
 * How good a flow is, without trust in how it was found: its cost, and a bound that no flow can be
 * below. Both are rates of delay (seconds per second), the F of {@link FlowProblem}.
 *
 * @param objective cost of the flow
 * @param lowerBound no flow of the problem costs less
 */
public record Certificate(double objective, double lowerBound) {
  public Certificate {
    if (!(objective >= 0) || Double.isNaN(lowerBound)) {
      throw new IllegalArgumentException(
          "objective must be ≥ 0 and the bound a number, are " + objective + " and " + lowerBound);
    }
  }

  /** The most that could be saved, as a fraction of the objective: 0 is optimal. */
  public double gap() {
    return objective > 0 ? Math.max(0, (objective - lowerBound) / objective) : 0;
  }

  /** The same bound held against another flow's cost, such as that of the published weights. */
  public Certificate withObjective(double other) {
    return new Certificate(other, lowerBound);
  }

  Certificate plus(Certificate other) {
    return new Certificate(objective + other.objective, lowerBound + other.lowerBound);
  }
}
