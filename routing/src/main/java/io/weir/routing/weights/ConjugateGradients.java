package io.weir.routing.weights;

/**
 * Newton directions without a matrix, for large components: conjugate gradients with the diagonal
 * as preconditioner, each product with the Hessian one pass over the arcs that carry weight. An
 * inexact direction will do as long as it gets better near the solution (Dembo, Eisenstat and
 * Steihaug 1982).
 */
final class ConjugateGradients implements NewtonSystem {
  private static final int MOST_PRODUCTS = 400;
  private static final double ACCURACY = 1e-2;

  private final double[] diagonal;
  private final double[] residual;
  private final double[] search;
  private final double[] product;

  /**
   * @param engines of the whole problem
   */
  ConjugateGradients(int engines) {
    diagonal = new double[engines];
    residual = new double[engines];
    search = new double[engines];
    product = new double[engines];
  }

  @Override
  public void solve(Component part, Curvature curvature, double[] gradient, double[] direction) {
    curvature.diagonal(part, diagonal);
    int first = part.firstEngine();
    int end = part.endEngine();
    double energy = 0;
    for (int e = first; e < end; e++) {
      direction[e] = 0;
      residual[e] = gradient[e];
      search[e] = residual[e] / diagonal[e];
      energy += residual[e] * search[e];
    }
    double enough = energy * ACCURACY * ACCURACY;
    for (int k = 0; k < MOST_PRODUCTS && energy > enough; k++) {
      curvature.multiply(part, search, product);
      double bend = 0;
      for (int e = first; e < end; e++) {
        bend += search[e] * product[e];
      }
      if (!(bend > 0)) {
        return;
      }
      double step = energy / bend;
      double next = 0;
      for (int e = first; e < end; e++) {
        direction[e] += step * search[e];
        residual[e] -= step * product[e];
        next += residual[e] * residual[e] / diagonal[e];
      }
      double momentum = next / energy;
      for (int e = first; e < end; e++) {
        search[e] = residual[e] / diagonal[e] + momentum * search[e];
      }
      energy = next;
    }
  }
}
