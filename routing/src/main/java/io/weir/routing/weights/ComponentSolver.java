package io.weir.routing.weights;

/**
 * Takes components down the fallback chain: from the last prices, by continuation from a large tau,
 * and at last by gradient projection on the flow. What comes out is certified whichever link found
 * it; what to do with a large gap is the caller's.
 */
final class ComponentSolver {
  /** Components up to this many merged engines get their Hessian factored. */
  private static final int LARGEST_DENSE = 64;

  /** Where a continuation begins, as a share of what a request costs. */
  private static final double FIRST_TAU = 0.25;

  private static final double TAU_FACTOR = 0.2;
  private static final double STAGE_TOLERANCE = 1e-2;

  /** Few: a cold start costs about as much as a warm one that has lost its way. */
  private static final int MOST_WARM_STEPS = 8;

  private static final int MOST_STEPS = 60;
  private static final int MOST_HALVINGS_OF_TAU = 10;

  /** Bounds the time of gradient projection: sweeps times arcs. */
  private static final int MOST_ARCS_SWEPT = 20_000_000;

  private final Network network;
  private final SolverOptions options;
  private final double[] rate;
  private final double[] price;
  private final RegularisedDual dual;
  private final DualNewton newton;
  private final Cholesky dense;
  private final ConjugateGradients sparse;
  private final PrimalFlow primal;
  private final double[] tauOf;
  private Certificate certificate = new Certificate(0, 0);
  private SolvePath path = SolvePath.WARM;

  ComponentSolver(ReducedProblem problem, double[] rate, SolverOptions options) {
    network = problem.network();
    this.rate = rate;
    this.options = options;
    price = new double[network.engines()];
    dual = new RegularisedDual(problem, rate, price);
    newton = new DualNewton(dual);
    int largest = problem.components().stream().mapToInt(Component::engines).max().orElse(0);
    dense = new Cholesky(Math.min(largest, LARGEST_DENSE));
    sparse = new ConjugateGradients(network.engines());
    primal = new PrimalFlow(network, rate);
    tauOf = new double[network.commodities()];
  }

  /**
   * Solves one component.
   *
   * @param warm prices of merged engines to start from, 0 where there is none
   */
  void solve(Component part, double[] warm) {
    double tau = options.tauSeconds();
    SolvePath found = SolvePath.WARM;
    boolean solved = startFrom(part, warm) && maximise(part, tau, MOST_WARM_STEPS);
    if (!solved) {
      found = SolvePath.COLD;
      solved = continueFrom(part, startCold(part));
    }
    Certificate reached = primal.take(part, dual);
    for (int k = 0; solved && k < MOST_HALVINGS_OF_TAU && !good(reached); k++) {
      newton.predict(part, tau, tau / 2, system(part));
      tau /= 2;
      solved = maximise(part, tau, MOST_STEPS);
      reached = primal.take(part, dual);
    }
    if (!good(reached)) {
      found = SolvePath.PROJECTED;
      int sweeps = Math.clamp(MOST_ARCS_SWEPT / (1 + arcs(part)), 20, 500);
      reached = primal.project(part, reached, options.gapGoal(), sweeps);
      primal.writeTo(part, dual.weight(), dual.shedShare(), price);
    }
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      tauOf[c] = tau;
      dual.normaliseServed(c, tau);
    }
    certificate = certificate.plus(reached);
    path = path.worse(found);
  }

  private boolean good(Certificate reached) {
    return reached.gap() <= options.gapGoal();
  }

  private boolean continueFrom(Component part, double firstTau) {
    double tau = Math.max(firstTau, options.tauSeconds());
    while (tau > options.tauSeconds()) {
      newton.maximise(part, tau, STAGE_TOLERANCE, system(part), MOST_STEPS);
      double next = Math.max(options.tauSeconds(), tau * TAU_FACTOR);
      newton.predict(part, tau, next, system(part));
      tau = next;
    }
    return maximise(part, tau, MOST_STEPS);
  }

  private boolean maximise(Component part, double tau, int most) {
    return newton.maximise(part, tau, options.tolerance(), system(part), most);
  }

  private NewtonSystem system(Component part) {
    return part.engines() <= LARGEST_DENSE ? dense : sparse;
  }

  /** Takes up prices where there are any; false if an engine has none. */
  private boolean startFrom(Component part, double[] warm) {
    boolean known = true;
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      known &= warm[e] > 0;
      price[e] = warm[e];
    }
    return known;
  }

  /**
   * Sets prices as if all offered work were spread evenly.
   *
   * @return the tau to begin with: large against the differences of costs under these prices
   */
  private double startCold(Component part) {
    double work = 0;
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      int begin = network.rowStart()[c];
      int end = network.rowStart()[c + 1];
      double sum = 0;
      for (int i = begin; i < end; i++) {
        sum += network.work()[i];
      }
      work += rate[c] * sum / (end - begin);
    }
    int engines = 0;
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      engines += network.members()[e];
    }
    double load = Math.clamp(work / engines, 0.1, Congestion.KNEE);
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      price[e] = Congestion.price(network.occupancy()[e], load);
    }
    double cost = 0;
    double rates = 0;
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      cost += rate[c] * Bounds.marginal(network, c, price);
      rates += rate[c];
    }
    return rates > 0 ? FIRST_TAU * cost / rates : options.tauSeconds();
  }

  private int arcs(Component part) {
    return network.rowStart()[part.endCommodity()] - network.rowStart()[part.firstCommodity()];
  }

  MergedSolution solution() {
    return new MergedSolution(
        dual.weight(),
        dual.shedShare(),
        primal.load(),
        price,
        tauOf,
        options.tauSeconds(),
        certificate,
        path,
        newton.iterations());
  }
}
