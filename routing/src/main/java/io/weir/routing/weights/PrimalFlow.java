package io.weir.routing.weights;

/**
 * The flow x(p) that the weights at a point bring about, its load, and its certificate. One
 * instance serves one solve, a component at a time.
 */
final class PrimalFlow {
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

  /** Improves a taken flow by gradient projection until its gap is reached or sweeps run out. */
  Certificate project(Component part, Certificate certificate, double gapGoal, int sweeps) {
    GradientProjection projection = new GradientProjection(network, flow, shed, load);
    Certificate best = certificate;
    for (int k = 1; k <= sweeps && best.gap() > gapGoal; k++) {
      projection.sweep(part);
      if (k % 5 == 0 || k == sweeps) {
        double objective = Bounds.objective(network, part, flow, shed, load);
        best = new Certificate(objective, Math.max(best.lowerBound(), ownBound(part)));
      }
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
