package io.weir.routing.weights;

/** Solves {@code −Hessian·direction = gradient} of a component. */
interface NewtonSystem {
  /**
   * Writes the Newton direction of the component's engines to {@code direction}.
   *
   * @param curvature of the component, taken up
   */
  void solve(Component part, Curvature curvature, double[] gradient, double[] direction);
}
