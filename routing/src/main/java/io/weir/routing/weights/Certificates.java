package io.weir.routing.weights;

/**
 * Certificates of any flow, however it was found: O(arcs), so that it can be taken of the weights
 * now in force, which tells the most that moving traffic could save.
 */
public final class Certificates {
  private static final double CONSERVATION = 1e-6;

  private Certificates() {}

  /**
   * The Frank-Wolfe certificate of a flow: the bound of its own marginal prices {@code Phi'(rho)}.
   * It is tight at the optimum and can be loose elsewhere.
   *
   * @param arcFlow requests per second on each arc
   * @param shed requests per second of each commodity that are turned away
   * @throws IllegalArgumentException if the flow is negative or does not add up to the demand
   */
  public static Certificate of(FlowProblem problem, double[] arcFlow, double[] shed) {
    requireFlow(problem, arcFlow, shed);
    Network network = problem.network();
    double[] load = new double[problem.engines()];
    double objective = Bounds.objective(network, network.whole(), arcFlow, shed, load);
    double[] price = new double[problem.engines()];
    Bounds.prices(network, network.whole(), load, price);
    return new Certificate(
        objective, Bounds.lower(network, network.whole(), problem.rates(), price));
  }

  /**
   * The certificate of a flow with the bound of given prices, or of its own if that is better. With
   * the prices of a fresh {@link Solution} it is as tight as that solution's.
   *
   * @param prices one for each engine, > 0, such as {@link Solution#prices()}
   */
  public static Certificate of(
      FlowProblem problem, double[] arcFlow, double[] shed, double[] prices) {
    Certificate own = of(problem, arcFlow, shed);
    return new Certificate(
        own.objective(), Math.max(own.lowerBound(), lowerBound(problem, prices)));
  }

  /**
   * What no flow of the problem can cost less than, from any prices.
   *
   * @param prices one for each engine, > 0
   */
  public static double lowerBound(FlowProblem problem, double[] prices) {
    if (prices.length != problem.engines()) {
      throw new IllegalArgumentException(
          "there are " + problem.engines() + " engines, not " + prices.length);
    }
    for (double price : prices) {
      if (!(price > 0) || Double.isInfinite(price)) {
        throw new IllegalArgumentException("a price must be a positive number, is " + price);
      }
    }
    return Bounds.lower(problem.network(), problem.network().whole(), problem.rates(), prices);
  }

  private static void requireFlow(FlowProblem problem, double[] arcFlow, double[] shed) {
    if (arcFlow.length != problem.arcs() || shed.length != problem.commodities()) {
      throw new IllegalArgumentException(
          "need a flow for each of %d arcs and %d commodities, got %d and %d"
              .formatted(problem.arcs(), problem.commodities(), arcFlow.length, shed.length));
    }
    for (int c = 0; c < problem.commodities(); c++) {
      double sum = shed[c];
      boolean negative = shed[c] < 0;
      for (int i = problem.firstArc(c); i < problem.firstArc(c + 1); i++) {
        sum += arcFlow[i];
        negative |= arcFlow[i] < 0;
      }
      double rate = problem.rate(c);
      if (negative || !(Math.abs(sum - rate) <= CONSERVATION * Math.max(rate, sum))) {
        throw new IllegalArgumentException(
            "the flow of commodity %d must be ≥ 0 and add up to %s, is %s".formatted(c, rate, sum));
      }
    }
  }
}
