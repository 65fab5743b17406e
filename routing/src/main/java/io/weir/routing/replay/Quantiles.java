package io.weir.routing.replay;

import java.util.Arrays;

/** Exact quantiles of a set of times, in milliseconds; all 0 for an empty set. */
public record Quantiles(
    int count,
    double p50,
    double p90,
    double p95,
    double p99,
    double p999,
    double max,
    double mean) {
  static Quantiles ofNanos(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Quantiles(
        sorted.length,
        at(sorted, 0.5),
        at(sorted, 0.9),
        at(sorted, 0.95),
        at(sorted, 0.99),
        at(sorted, 0.999),
        at(sorted, 1),
        Arrays.stream(sorted).average().orElse(0) * 1e-6);
  }

  /** The smallest value that at least this fraction does not exceed. */
  private static double at(long[] sorted, double fraction) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(fraction * sorted.length);
    return sorted[Math.max(0, rank - 1)] * 1e-6;
  }
}
