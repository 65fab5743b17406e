package io.weir.routing.weights;

/**
 * The mathematics: the flow problem regularised towards the capacity prior w0, in the space of
 * engine prices p.
 *
 * <pre>
 *   primal    min  F(x, u) + tau·Σ_c d_c·KL(w_c ‖ w0_c)               x = d·w, u = d·w_shed
 *   dual      max  D(p) = Σ_c d_c·(−tau·log Z_c(p)) − Σ_e Phi*_e(p_e)
 *             Z_c(p) = Σ_e w0_ce·exp(−(g_ce + a_ce·p_e)/tau) + exp(−pi_c/tau)
 *   weights   w_ce = w0_ce·exp(−(g_ce + a_ce·p_e)/tau) / Z_c
 *   gradient  Σ_c a_ce·x_ce(p) − rho_e(p_e)                 rho(p) inverts p = Phi'(rho)
 *   −Hessian  diag(rho'_e(p_e)) + 1/tau·Σ_c d_c·[diag(a²w) − (aw)(aw)ᵀ]
 * </pre>
 *
 * <p>D is concave and smooth, with one variable an engine, however many arcs there are. Shedding is
 * one more way to send a request, of no work and cost pi. At the optimum the price of an engine is
 * its marginal congestion, and every engine a commodity uses costs it the same, up to tau.
 *
 * <p>The difference between the primal at x(p) and D(p) is {@code Σ_e Phi_e(y_e) + Phi*_e(p_e) −
 * p_e·y_e}, where y is the load that x(p) brings: how far p is from optimal, known exactly at every
 * point.
 *
 * <p>One instance serves one solve: it holds a weight for each merged arc, and is evaluated one
 * component at a time. A merged engine of R members has load y/R in each and counts R times.
 */
final class RegularisedDual {
  /** Weights below exp(−40) of the best are zero: they could not be told from rounding. */
  private static final double NEGLIGIBLE = 40;

  /** Below this share the weights of what is served are taken from its costs alone. */
  private static final double LEAST_SERVED = 1e-9;

  private final Network network;
  private final double[] logPrior;
  private final double[] rate;
  private final double[] price;
  private final double[] weight;
  private final double[] shedShare;
  private final double[] inflow;
  private final double[] gradient;
  private double value;
  private double gap;

  /**
   * @param rate d of each merged commodity
   * @param price p of each merged engine, the starting point; changed by {@link #moveTo}
   */
  RegularisedDual(ReducedProblem problem, double[] rate, double[] price) {
    network = problem.network();
    logPrior = problem.logPrior();
    this.rate = rate;
    this.price = price;
    weight = new double[network.arcs()];
    shedShare = new double[network.commodities()];
    inflow = new double[network.engines()];
    gradient = new double[network.engines()];
  }

  /** Evaluates D, the weights, the gradient and the gap of a component at the current prices. */
  void evaluate(Component part, double tau) {
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      inflow[e] = 0;
    }
    value = 0;
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      value += rate[c] * softMinimum(c, tau);
    }
    gap = 0;
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      double n = network.occupancy()[e];
      int members = network.members()[e];
      double conjugate = members * Congestion.conjugate(n, price[e]);
      value -= conjugate;
      gap += members * Congestion.value(n, inflow[e] / members) + conjugate - price[e] * inflow[e];
      gradient[e] = inflow[e] - members * Congestion.load(n, price[e]);
    }
  }

  /** Weights of a commodity and their inflow; −tau·log Z, the soft minimum of its costs. */
  private double softMinimum(int c, double tau) {
    int begin = network.rowStart()[c];
    int end = network.rowStart()[c + 1];
    int[] engine = network.engine();
    double[] work = network.work();

    double shedCost = network.shedPrice()[c];
    double least = shedCost;
    for (int i = begin; i < end; i++) {
      double cost = regularisedCost(i, tau);
      weight[i] = cost;
      least = Math.min(least, cost);
    }
    shedShare[c] = Math.exp((least - shedCost) / tau);
    double sum = shedShare[c];
    for (int i = begin; i < end; i++) {
      double exponent = (weight[i] - least) / tau;
      weight[i] = exponent < NEGLIGIBLE ? Math.exp(-exponent) : 0;
      sum += weight[i];
    }
    shedShare[c] /= sum;
    for (int i = begin; i < end; i++) {
      weight[i] /= sum;
      inflow[engine[i]] += rate[c] * work[i] * weight[i];
    }
    return least - tau * Math.log(sum);
  }

  /**
   * How the gradient changes with tau while prices stay: what a continuation has to make up for.
   *
   * <pre>  d/dtau w_ce = w_ce/tau²·(cost_ce − mean cost of c under w)</pre>
   */
  void tauSlope(Component part, double tau, double[] slope) {
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      slope[e] = 0;
    }
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      double mean = shedShare[c] * network.shedPrice()[c];
      for (int i = network.rowStart()[c]; i < network.rowStart()[c + 1]; i++) {
        mean += weight[i] * cost(i);
      }
      double scale = rate[c] / (tau * tau);
      for (int i = network.rowStart()[c]; i < network.rowStart()[c + 1]; i++) {
        slope[network.engine()[i]] += scale * network.work()[i] * weight[i] * (cost(i) - mean);
      }
    }
  }

  /**
   * Makes the weights of a commodity those of its served traffic, which sum to one even if the plan
   * sheds all of it.
   */
  void normaliseServed(int c, double tau) {
    int begin = network.rowStart()[c];
    int end = network.rowStart()[c + 1];
    double sum = 0;
    for (int i = begin; i < end; i++) {
      sum += weight[i];
    }
    if (sum < LEAST_SERVED) {
      sum = servedAlone(begin, end, tau);
    }
    for (int i = begin; i < end; i++) {
      weight[i] /= sum;
    }
  }

  /** The softmax over engines alone, not yet divided by its sum, which is returned. */
  private double servedAlone(int begin, int end, double tau) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = begin; i < end; i++) {
      weight[i] = regularisedCost(i, tau);
      least = Math.min(least, weight[i]);
    }
    double sum = 0;
    for (int i = begin; i < end; i++) {
      weight[i] = Math.exp((least - weight[i]) / tau);
      sum += weight[i];
    }
    return sum;
  }

  private double regularisedCost(int arc, double tau) {
    return cost(arc) - tau * logPrior[arc];
  }

  private double cost(int arc) {
    return network.geography()[arc] + network.work()[arc] * price[network.engine()[arc]];
  }

  /** Moves the prices of a component to {@code from + step·direction}. */
  void moveTo(Component part, double[] from, double step, double[] direction) {
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      price[e] = from[e] + step * direction[e];
    }
  }

  Network network() {
    return network;
  }

  double[] rate() {
    return rate;
  }

  double[] price() {
    return price;
  }

  double[] weight() {
    return weight;
  }

  double[] shedShare() {
    return shedShare;
  }

  double[] gradient() {
    return gradient;
  }

  /** D(p) of the component evaluated last. */
  double value() {
    return value;
  }

  /** Primal at x(p) less D(p), of the component evaluated last. */
  double gap() {
    return gap;
  }
}
