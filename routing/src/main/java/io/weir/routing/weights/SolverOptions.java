package io.weir.routing.weights;

/**
 * What the solver aims at.
 *
 * @param tauSeconds randomisation: weights spread over engines whose costs differ by less than
 *     about this many seconds. Larger is steadier from epoch to epoch, smaller is nearer to the
 *     optimum
 * @param gapGoal the certificate's gap to reach; where {@code tauSeconds} is too large for it, the
 *     solver halves it for that component, up to ten times
 * @param tolerance how exactly the smoothed problem is solved: its duality gap as a fraction of the
 *     objective
 */
public record SolverOptions(double tauSeconds, double gapGoal, double tolerance) {
  /** 10 ms, 0.1 %, 1e-6. */
  public static final SolverOptions DEFAULTS = new SolverOptions(0.01, 1e-3, 1e-6);

  public SolverOptions {
    positive("tauSeconds", tauSeconds);
    positive("gapGoal", gapGoal);
    positive("tolerance", tolerance);
  }

  /** The same options with another randomisation, as when inputs are old. */
  public SolverOptions withTauSeconds(double seconds) {
    return new SolverOptions(seconds, gapGoal, tolerance);
  }

  private static void positive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be a positive number, is " + value);
    }
  }
}
