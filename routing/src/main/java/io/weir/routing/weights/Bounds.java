package io.weir.routing.weights;

/**
 * The two sides of a certificate, for a range of any network. Neither trusts the solver.
 *
 * <pre>
 *   F(x, u)  = Σ g_ce·x_ce + Σ_e Phi_e(rho_e) + Σ_c pi_c·u_c
 *   bound(p) = Σ_c d_c·min(pi_c, min_e (g_ce + a_ce·p_e)) − Σ_e Phi*_e(p_e)      for any p
 * </pre>
 */
final class Bounds {
  private Bounds() {}

  /**
   * F of a flow, and the load it brings.
   *
   * @param flow x of each arc, requests per second
   * @param shed u of each commodity
   * @param load set to the load of each engine in the range (of one member)
   */
  static double objective(
      Network network, Component part, double[] flow, double[] shed, double[] load) {
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      load[e] = 0;
    }
    double cost = 0;
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      for (int i = network.rowStart()[c]; i < network.rowStart()[c + 1]; i++) {
        cost += network.geography()[i] * flow[i];
        load[network.engine()[i]] += network.work()[i] * flow[i];
      }
      cost += network.shedPrice()[c] * shed[c];
    }
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      int members = network.members()[e];
      load[e] /= members;
      cost += members * Congestion.value(network.occupancy()[e], load[e]);
    }
    return cost;
  }

  /** Writes the prices Phi'(rho) of loads. */
  static void prices(Network network, Component part, double[] load, double[] price) {
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      price[e] = Congestion.price(network.occupancy()[e], load[e]);
    }
  }

  /** What no flow can be below, from any positive prices. */
  static double lower(Network network, Component part, double[] rate, double[] price) {
    double bound = 0;
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      bound += rate[c] * Math.min(network.shedPrice()[c], marginal(network, c, price));
    }
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      bound -= network.members()[e] * Congestion.conjugateOfLoads(network.occupancy()[e], price[e]);
    }
    return bound;
  }

  /** mu_c: what one more request of a commodity costs on its cheapest engine; infinite without. */
  static double marginal(Network network, int commodity, double[] price) {
    double least = Double.POSITIVE_INFINITY;
    int end = network.rowStart()[commodity + 1];
    for (int i = network.rowStart()[commodity]; i < end; i++) {
      double cost = network.geography()[i] + network.work()[i] * price[network.engine()[i]];
      least = Math.min(least, cost);
    }
    return least;
  }
}
