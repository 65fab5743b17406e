package io.weir.routing.weights;

/**
 * Gradient projection (path equilibration) on the flow itself: one commodity after the other moves
 * traffic from its dearer ways to its cheapest, by a Newton step for each pair of ways (Bertsekas
 * 1982; Jayakrishnan et al. 1994). Slow to the last digit, but it takes any flow and never leaves
 * the feasible ones: the last resort for large coupled components.
 */
final class GradientProjection {
  private final Network network;
  private final double[] flow;
  private final double[] shed;
  private final double[] load;
  private final double[] price;

  /**
   * @param flow x of each arc, changed in place
   * @param shed u of each commodity, changed in place
   * @param load of each engine under that flow, kept up to date
   */
  GradientProjection(Network network, double[] flow, double[] shed, double[] load) {
    this.network = network;
    this.flow = flow;
    this.shed = shed;
    this.load = load;
    price = new double[network.engines()];
  }

  /** Takes every commodity of a component once. */
  void sweep(Component part) {
    Bounds.prices(network, part, load, price);
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      equilibrate(c);
    }
  }

  private void equilibrate(int c) {
    int begin = network.rowStart()[c];
    int end = network.rowStart()[c + 1];
    int best = -1;
    double least = network.shedPrice()[c];
    for (int i = begin; i < end; i++) {
      if (cost(i) < least) {
        least = cost(i);
        best = i;
      }
    }
    if (best >= 0 && shed[c] > 0) {
      double move = Math.min(shed[c], (network.shedPrice()[c] - cost(best)) / bend(best));
      shed[c] -= move;
      add(best, move);
    }
    for (int i = begin; i < end; i++) {
      double target = best < 0 ? network.shedPrice()[c] : cost(best);
      double excess = cost(i) - target;
      if (i != best && flow[i] > 0 && excess > 0) {
        double bend = bend(i) + (best < 0 ? 0 : bend(best));
        double move = Math.min(flow[i], excess / bend);
        add(i, -move);
        if (best < 0) {
          shed[c] += move;
        } else {
          add(best, move);
        }
      }
    }
  }

  private double cost(int arc) {
    return network.geography()[arc] + network.work()[arc] * price[network.engine()[arc]];
  }

  /** d cost / d flow of an arc. */
  private double bend(int arc) {
    int e = network.engine()[arc];
    double a = network.work()[arc];
    return a * a * Congestion.curvature(network.occupancy()[e], load[e]) / network.members()[e];
  }

  private void add(int arc, double amount) {
    int e = network.engine()[arc];
    flow[arc] = Math.max(0, flow[arc] + amount);
    load[e] = Math.max(0, load[e] + network.work()[arc] * amount / network.members()[e]);
    price[e] = Congestion.price(network.occupancy()[e], load[e]);
  }
}
