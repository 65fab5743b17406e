package io.weir.routing.cost;

/**
 * A quantile of a stream of positive numbers in constant memory, the older ones fading: it goes up
 * by a factor for a number above it and down by one for a number below, so that it rests where the
 * wanted fraction lies below (Robbins and Monro's stochastic approximation, on the logarithm). The
 * first few numbers move it further, so that a first guess is soon forgotten.
 */
final class RunningQuantile {
  private static final double FIRST_GAIN = 0.7;

  private final double quantile;
  private final double gain;
  private double logarithm;
  private int seen;

  RunningQuantile(double quantile, double gain, double first) {
    this.quantile = quantile;
    this.gain = gain;
    this.logarithm = Math.log(first);
  }

  void add(double value) {
    seen++;
    double step = Math.max(gain, FIRST_GAIN / seen);
    double above = Math.log(Math.max(1, value)) > logarithm ? 1 : 0;
    logarithm = Math.max(0, logarithm + step * (above - (1 - quantile)) * 2);
  }

  /** At least 1. */
  double value() {
    return Math.exp(logarithm);
  }
}
