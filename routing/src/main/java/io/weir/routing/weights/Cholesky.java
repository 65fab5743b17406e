package io.weir.routing.weights;

/**
 * Newton directions by a dense factorisation, for small components: {@code −Hessian = UᵀU}. Row by
 * row and updating to the right, so that the inner loop runs along rows and is vectorised; columns
 * that do not meet are skipped.
 */
final class Cholesky implements NewtonSystem {
  private final double[][] upper;
  private final double[] solution;

  /**
   * @param engines of the largest component it will be asked for
   */
  Cholesky(int engines) {
    upper = new double[engines][engines];
    solution = new double[engines];
  }

  @Override
  public void solve(Component part, Curvature curvature, double[] gradient, double[] direction) {
    int size = part.engines();
    curvature.writeTo(part, upper);
    factor(size);
    System.arraycopy(gradient, part.firstEngine(), solution, 0, size);
    for (int i = 0; i < size; i++) {
      solution[i] /= upper[i][i];
      addScaled(upper[i], -solution[i], solution, i + 1, size);
    }
    for (int i = size - 1; i >= 0; i--) {
      double sum = solution[i];
      for (int j = i + 1; j < size; j++) {
        sum -= upper[i][j] * solution[j];
      }
      solution[i] = sum / upper[i][i];
    }
    System.arraycopy(solution, 0, direction, part.firstEngine(), size);
  }

  private void factor(int size) {
    for (int k = 0; k < size; k++) {
      double[] pivotRow = upper[k];
      // The matrix is positive definite; rounding may leave a pivot of a saturated engine at zero.
      double pivot = Math.sqrt(Math.max(pivotRow[k], Double.MIN_NORMAL));
      for (int j = k; j < size; j++) {
        pivotRow[j] /= pivot;
      }
      pivotRow[k] = pivot;
      for (int i = k + 1; i < size; i++) {
        if (pivotRow[i] != 0) {
          addScaled(pivotRow, -pivotRow[i], upper[i], i, size);
        }
      }
    }
  }

  private static void addScaled(double[] row, double scale, double[] to, int from, int end) {
    for (int j = from; j < end; j++) {
      to[j] += scale * row[j];
    }
  }
}
