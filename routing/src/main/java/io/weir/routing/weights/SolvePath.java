package io.weir.routing.weights;

/** How a solution was found: the links of the fallback chain, best first. */
public enum SolvePath {
  /** Newton's method from the previous prices. */
  WARM,
  /** From nothing: a continuation from a large tau down to the one asked for. */
  COLD,
  /** Gradient projection on the flow itself had to finish, or tried to: look at the certificate. */
  PROJECTED;

  SolvePath worse(SolvePath other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
