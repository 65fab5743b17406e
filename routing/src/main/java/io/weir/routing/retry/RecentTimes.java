package io.weir.routing.retry;

import java.util.Arrays;
import java.util.OptionalDouble;

/** Quantiles of the last times that were measured. Not safe for use by several threads. */
public final class RecentTimes {
  private final double[] ring;
  private long count;

  /**
   * Nothing measured yet.
   *
   * @param size how many are kept; at least 1
   */
  public RecentTimes(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("at least one time has to be kept, not " + size);
    }
    this.ring = new double[size];
  }

  /** Adds a time; the oldest is forgotten if there are too many. */
  public void add(double time) {
    ring[(int) (count++ % ring.length)] = time;
  }

  /** Forgets all. */
  public void clear() {
    count = 0;
  }

  /** How many were added since all were forgotten. */
  public long count() {
    return count;
  }

  /** How many are known now. */
  public int size() {
    return (int) Math.min(count, ring.length);
  }

  /**
   * The nearest-rank quantile.
   *
   * @param quantile above 0, at most 1
   * @param least measured times without which there is no answer
   */
  public OptionalDouble quantile(double quantile, int least) {
    int size = size();
    if (size < Math.max(1, least)) {
      return OptionalDouble.empty();
    }
    double[] sorted = Arrays.copyOf(ring, size);
    Arrays.sort(sorted);
    return OptionalDouble.of(sorted[Math.max(0, (int) Math.ceil(quantile * size) - 1)]);
  }
}
