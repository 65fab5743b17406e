package io.weir.routing.weights;

/**
 * The congestion curve of one engine, {@code Phi(rho) = n·rho / (1 − rho)}: the mean number of
 * requests in an engine at load rho (1 = saturation), which by Little's law is arrival rate times
 * latency. Above {@link #KNEE} it goes on as its own third-order Taylor polynomial, so that it is
 * twice continuously differentiable, convex and finite everywhere: a warm start may be overloaded.
 *
 * <p>n is the number in the engine per unit of {@code rho / (1 − rho)}: iteration time without load
 * times output tokens, over the work of a request. A price is {@code Phi'(rho)}: seconds of delay
 * that one more engine-second of work costs everybody.
 */
final class Congestion {
  /** Load from which the polynomial takes over. */
  static final double KNEE = 0.95;

  private static final double ROOM = 1 - KNEE;
  private static final double VALUE = KNEE / ROOM;
  private static final double SLOPE = 1 / (ROOM * ROOM);
  private static final double CURVATURE = 2 / (ROOM * ROOM * ROOM);
  private static final double THIRD = 6 / (ROOM * ROOM * ROOM * ROOM);

  private Congestion() {}

  /** Phi(rho), rho ≥ 0. */
  static double value(double n, double rho) {
    if (rho <= KNEE) {
      return n * rho / (1 - rho);
    }
    double over = rho - KNEE;
    return n * (VALUE + over * (SLOPE + over * (CURVATURE / 2 + over * THIRD / 6)));
  }

  /** The price Phi'(rho), rho ≥ 0. */
  static double price(double n, double rho) {
    if (rho <= KNEE) {
      return n / ((1 - rho) * (1 - rho));
    }
    double over = rho - KNEE;
    return n * (SLOPE + over * (CURVATURE + over * THIRD / 2));
  }

  /** Phi''(rho), rho ≥ 0. */
  static double curvature(double n, double rho) {
    if (rho <= KNEE) {
      return 2 * n / ((1 - rho) * (1 - rho) * (1 - rho));
    }
    return n * (CURVATURE + (rho - KNEE) * THIRD);
  }

  /**
   * The load rho(p) at which the price is p > 0, the inverse of Phi'. Negative below the idle price
   * n, where the curve is continued to the left: smooth for Newton, and never optimal.
   */
  static double load(double n, double price) {
    if (price <= n * SLOPE) {
      return 1 - Math.sqrt(n / price);
    }
    double over = price / n - SLOPE;
    return KNEE + 2 * over / (CURVATURE + Math.sqrt(CURVATURE * CURVATURE + 2 * THIRD * over));
  }

  /** rho'(p) = 1 / Phi''(rho(p)). */
  static double loadSlope(double n, double price) {
    return 1 / curvature(n, load(n, price));
  }

  /** The conjugate Phi*(p) = max over rho of p·rho − Phi(rho), the curve continued to the left. */
  static double conjugate(double n, double price) {
    if (price <= n * SLOPE) {
      double root = Math.sqrt(price) - Math.sqrt(n);
      return root * root;
    }
    double rho = load(n, price);
    return price * rho - value(n, rho);
  }

  /**
   * The conjugate over rho ≥ 0 only, which is what a lower bound may use: 0 below the idle price.
   */
  static double conjugateOfLoads(double n, double price) {
    return price <= n ? 0 : conjugate(n, price);
  }
}
