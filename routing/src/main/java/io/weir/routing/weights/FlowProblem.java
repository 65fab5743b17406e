package io.weir.routing.weights;

import java.util.OptionalInt;

/**
 * Who may send what where, and what it costs. Commodities c (the traffic of one source, pool and
 * class, d_c requests per second) flow to engines e over arcs; engines fill up:
 *
 * <pre>
 *   minimise  F = Σ g_ce·x_ce + Σ_e Phi_e(rho_e) + Σ_c pi_c·u_c
 *   where     rho_e = Σ_c a_ce·x_ce,   Σ_e x_ce + u_c = d_c,   x, u ≥ 0
 * </pre>
 *
 * <p>a is the work of a request in engine-seconds, g its geography in seconds, pi the price in
 * seconds at which a class is shed, {@code Phi_e(rho) = n_e·rho/(1 − rho)}, continued as a
 * polynomial above 0.95. A pair without an arc is ineligible.
 *
 * <p>Immutable. Arcs are numbered commodity by commodity, in the order they were added within each.
 */
public final class FlowProblem {
  private final Network network;
  private final double[] rates;
  private final ReducedProblem reduced;

  FlowProblem(Network network, double[] rates, ReducedProblem reduced) {
    this.network = network;
    this.rates = rates;
    this.reduced = reduced;
  }

  /** An empty problem to add engines, commodities and arcs to. */
  public static FlowProblemBuilder builder() {
    return new FlowProblemBuilder();
  }

  /**
   * The same problem under other demand; what was learnt about its structure is kept.
   *
   * @param ratesPerSecond one for each commodity, ≥ 0
   */
  public FlowProblem withRates(double[] ratesPerSecond) {
    if (ratesPerSecond.length != rates.length) {
      throw new IllegalArgumentException(
          "there are " + rates.length + " commodities, not " + ratesPerSecond.length);
    }
    for (double rate : ratesPerSecond) {
      FlowProblemBuilder.requireRate(rate);
    }
    return new FlowProblem(network, ratesPerSecond.clone(), reduced);
  }

  /** Number of engines. */
  public int engines() {
    return network.occupancy().length;
  }

  /** Number of commodities. */
  public int commodities() {
    return rates.length;
  }

  /** Number of arcs. */
  public int arcs() {
    return network.engine().length;
  }

  /** First arc of a commodity; its arcs end before {@code firstArc(commodity + 1)}. */
  public int firstArc(int commodity) {
    return network.rowStart()[commodity];
  }

  /** Engine an arc leads to. */
  public int engine(int arc) {
    return network.engine()[arc];
  }

  /** The arc from a commodity to an engine, empty if the pair is ineligible. */
  public OptionalInt arc(int commodity, int engine) {
    for (int arc = firstArc(commodity); arc < firstArc(commodity + 1); arc++) {
      if (network.engine()[arc] == engine) {
        return OptionalInt.of(arc);
      }
    }
    return OptionalInt.empty();
  }

  /** a: engine-seconds one request takes. */
  public double workSeconds(int arc) {
    return network.work()[arc];
  }

  /** g: cost of the way, in seconds per request. */
  public double geographySeconds(int arc) {
    return network.geography()[arc];
  }

  /** d: requests per second. */
  public double rate(int commodity) {
    return rates[commodity];
  }

  /** pi: seconds of delay a request of this commodity is worth. */
  public double shedPriceSeconds(int commodity) {
    return network.shedPrice()[commodity];
  }

  /** n of an engine's congestion curve. */
  public double occupancy(int engine) {
    return network.occupancy()[engine];
  }

  /** Relative capacity of an engine: its prior weight. */
  public double capacity(int engine) {
    return network.capacity()[engine];
  }

  Network network() {
    return network;
  }

  double[] rates() {
    return rates;
  }

  ReducedProblem reduced() {
    return reduced;
  }
}
