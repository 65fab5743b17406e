package io.weir.routing.weights;

import java.util.Arrays;

/**
 * The negative Hessian of the dual at the point evaluated last, kept as a diagonal less one outer
 * product a commodity, {@code diag(base) − Σ_c v_c·v_cᵀ}, with only the arcs that carry weight:
 *
 * <pre>
 *   base_e = R_e·rho'(p_e) + Σ_c d_c/tau·a²w        v_ce = √(d_c/tau)·a·w
 * </pre>
 */
final class Curvature {
  private static final double LEAST_WEIGHT = 1e-12;

  private final RegularisedDual dual;
  private final double[] base;
  private final double[] factor;
  private final int[] engine;
  private final int[] start;

  Curvature(RegularisedDual dual) {
    this.dual = dual;
    Network network = dual.network();
    base = new double[network.engines()];
    factor = new double[network.arcs()];
    engine = new int[network.arcs()];
    start = new int[network.commodities() + 1];
  }

  /** Takes up the curvature of a component. */
  void update(Component part, double tau) {
    Network network = dual.network();
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      base[e] =
          network.members()[e] * Congestion.loadSlope(network.occupancy()[e], dual.price()[e]);
    }
    int kept = network.rowStart()[part.firstCommodity()];
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      start[c] = kept;
      double scale = Math.sqrt(dual.rate()[c] / tau);
      if (scale > 0) {
        for (int i = network.rowStart()[c]; i < network.rowStart()[c + 1]; i++) {
          double w = dual.weight()[i];
          if (w > LEAST_WEIGHT) {
            double v = scale * network.work()[i] * w;
            base[network.engine()[i]] += v * scale * network.work()[i];
            factor[kept] = v;
            engine[kept++] = network.engine()[i];
          }
        }
      }
    }
    start[part.endCommodity()] = kept;
  }

  /** The diagonal of the negative Hessian. */
  void diagonal(Component part, double[] diagonal) {
    System.arraycopy(base, part.firstEngine(), diagonal, part.firstEngine(), part.engines());
    for (int k = start[part.firstCommodity()]; k < start[part.endCommodity()]; k++) {
      diagonal[engine[k]] -= factor[k] * factor[k];
    }
  }

  /** Writes the negative Hessian times {@code vector} to {@code product}. */
  void multiply(Component part, double[] vector, double[] product) {
    for (int e = part.firstEngine(); e < part.endEngine(); e++) {
      product[e] = base[e] * vector[e];
    }
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      int end = start[c + 1];
      double inner = 0;
      for (int k = start[c]; k < end; k++) {
        inner += factor[k] * vector[engine[k]];
      }
      for (int k = start[c]; k < end; k++) {
        product[engine[k]] -= inner * factor[k];
      }
    }
  }

  /** Writes the upper triangle of the negative Hessian, a row for each engine of the component. */
  void writeTo(Component part, double[][] upper) {
    int first = part.firstEngine();
    for (int e = first; e < part.endEngine(); e++) {
      Arrays.fill(upper[e - first], 0, part.engines(), 0);
      upper[e - first][e - first] = base[e];
    }
    for (int c = part.firstCommodity(); c < part.endCommodity(); c++) {
      int end = start[c + 1];
      for (int k = start[c]; k < end; k++) {
        double[] row = upper[engine[k] - first];
        for (int l = k; l < end; l++) {
          row[engine[l] - first] -= factor[k] * factor[l];
        }
      }
    }
  }
}
