package io.weir.routing.weights;

/**
 * Damped Newton's method on the dual of one component. Steps keep prices positive and are halved
 * until they bring a share of the promised ascent (Armijo).
 */
final class DualNewton {
  private static final int MOST_HALVINGS = 20;
  private static final double ARMIJO = 1e-4;

  /** No step takes more than this share of a price away. */
  private static final double DEEPEST_CUT = 0.9;

  private final RegularisedDual dual;
  private final Curvature curvature;
  private final double[] direction;
  private final double[] from;
  private final double[] tauSlope;
  private int iterations;

  DualNewton(RegularisedDual dual) {
    this.dual = dual;
    curvature = new Curvature(dual);
    direction = new double[dual.network().engines()];
    from = new double[dual.network().engines()];
    tauSlope = new double[dual.network().engines()];
  }

  /**
   * Maximises the dual of a component from the current prices.
   *
   * @param tolerance gap to reach, relative to the dual's value
   * @param most steps to take
   * @return whether it was reached; the prices are the best found in any case
   */
  boolean maximise(Component part, double tau, double tolerance, NewtonSystem system, int most) {
    dual.evaluate(part, tau);
    for (int k = 0; k < most; k++) {
      if (dual.gap() <= tolerance * Math.abs(dual.value())) {
        return true;
      }
      curvature.update(part, tau);
      system.solve(part, curvature, dual.gradient(), direction);
      iterations++;
      if (!ascend(part, tau)) {
        break;
      }
    }
    return dual.gap() <= tolerance * Math.abs(dual.value());
  }

  /**
   * Follows the maximiser from one tau to the next by its tangent (Euler's predictor), if that is
   * better than staying. The component must have been maximised at {@code tau}.
   */
  void predict(Component part, double tau, double nextTau, NewtonSystem system) {
    curvature.update(part, tau);
    dual.tauSlope(part, tau, tauSlope);
    system.solve(part, curvature, tauSlope, direction);
    double step = nextTau - tau;
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      from[e] = dual.price()[e];
      if (direction[e] * step < 0) {
        step = Math.max(step, -DEEPEST_CUT * from[e] / direction[e]);
      }
    }
    dual.evaluate(part, nextTau);
    double staying = dual.value();
    dual.moveTo(part, from, step, direction);
    dual.evaluate(part, nextTau);
    if (!(dual.value() > staying)) {
      dual.moveTo(part, from, 0, direction);
    }
  }

  private boolean ascend(Component part, double tau) {
    double slope = 0;
    double step = 1;
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      from[e] = dual.price()[e];
      slope += dual.gradient()[e] * direction[e];
      if (direction[e] < 0) {
        step = Math.min(step, DEEPEST_CUT * from[e] / -direction[e]);
      }
    }
    double value = dual.value();
    double rounding = 1e-14 * Math.abs(value);
    for (int k = 0; k < MOST_HALVINGS; k++) {
      dual.moveTo(part, from, step, direction);
      dual.evaluate(part, tau);
      if (dual.value() >= value + ARMIJO * step * slope - rounding) {
        return true;
      }
      step /= 2;
    }
    dual.moveTo(part, from, 0, direction);
    dual.evaluate(part, tau);
    return false;
  }

  int iterations() {
    return iterations;
  }
}
