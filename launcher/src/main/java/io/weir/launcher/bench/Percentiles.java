package io.weir.launcher.bench;

import org.HdrHistogram.Histogram;

/**
 * A distribution of times in milliseconds.
 *
 * @param count how many times were measured; the others are 0 if none was
 */
record Percentiles(
    long count,
    double p50,
    double p90,
    double p95,
    double p99,
    double p999,
    double max,
    double mean) {
  /** The percentiles of a histogram of microseconds. */
  static Percentiles of(Histogram micros) {
    return new Percentiles(
        micros.getTotalCount(),
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(90) / 1e3,
        micros.getValueAtPercentile(95) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getValueAtPercentile(99.9) / 1e3,
        micros.getMaxValue() / 1e3,
        micros.getTotalCount() == 0 ? 0 : micros.getMean() / 1e3);
  }
}
