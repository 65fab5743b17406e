package io.weir.routing.weights;

/**
 * The flow x(p) that the weights at a point bring about, its load, and its certificate. One
 * instance serves one solve, a component at a time.
 */
final class PrimalFlow {
  private static final int SWEEPS_A_ROUND = 5;

  private final Network network;
  private final double[] rate;
  private final double[] flow;
  private final double[] shed;
  private final double[] load;
  private final double[] ownPrice;

  PrimalFlow(Network network, double[] rate) {
    this.network = network;
    this.rate = rate;
    flow = new double[network.arcs()];
    shed = new double[network.commodities()];
    load = new double[network.engines()];
    ownPrice = new double[network.engines()];
  }

  /** Takes up x = d·w and the load of it, and certifies it with the dual's prices or its own. */
  Certificate take(Component part, RegularisedDual dual) {
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      for (int i = network.rowStart()[c]; i < network.rowStart()[c + 1]; i++) {
        flow[i] = rate[c] * dual.weight()[i];
      }
      shed[c] = rate[c] * dual.shedShare()[c];
    }
    double objective = Bounds.objective(network, part, flow, shed, load);
    double bound = Bounds.lower(network, part, rate, dual.price());
    return new Certificate(objective, Math.max(bound, ownBound(part)));
  }

  /**
   * Improves a taken flow by gradient projection until its gap is reached, it gets no better, or
   * sweeps run out; the best flow seen is kept.
   */
  Certificate project(Component part, Certificate certificate, double gapGoal, int sweeps) {
    GradientProjection projection = new GradientProjection(network, flow, shed, load);
    double[] bestFlow = flow.clone();
    double[] bestShed = shed.clone();
    Certificate best = certificate;
    for (int done = 0; done < sweeps && best.gap() > gapGoal; done += SWEEPS_A_ROUND) {
      for (int k = 0; k < SWEEPS_A_ROUND; k++) {
        projection.sweep(part);
      }
      double objective = Bounds.objective(network, part, flow, shed, load);
      double bound = Math.max(best.lowerBound(), ownBound(part));
      if (objective >= best.objective()) {
        System.arraycopy(bestFlow, 0, flow, 0, flow.length);
        System.arraycopy(bestShed, 0, shed, 0, shed.length);
        Bounds.objective(network, part, flow, shed, load);
        return new Certificate(best.objective(), bound);
      }
      best = new Certificate(objective, bound);
      System.arraycopy(flow, 0, bestFlow, 0, flow.length);
      System.arraycopy(shed, 0, bestShed, 0, shed.length);
    }
    return best;
  }

  /** Writes the taken flow's shares and marginal prices back. */
  void writeTo(Component part, double[] weight, double[] shedShare, double[] price) {
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      if (rate[c] > 0) {
        for (int i = network.rowStart()[c]; i < network.rowStart()[c + 1]; i++) {
          weight[i] = flow[i] / rate[c];
        }
        shedShare[c] = shed[c] / rate[c];
      }
    }
    Bounds.prices(network, part, load, price);
  }

  private double ownBound(Component part) {
    Bounds.prices(network, part, load, ownPrice);
    return Bounds.lower(network, part, rate, ownPrice);
  }

  double[] load() {
    return load;
  }
}
