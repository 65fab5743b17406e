package io.weir.routing.weights;

/**
 * A 128-bit digest of a row or column of the problem that does not depend on the order of its arcs.
 * Two different ones of a fleet of any size agree with a chance below 1e-25, so that equal digests
 * are taken for equal rows. The mixing is SplitMix64's (Steele, Lea, Flood, OOPSLA 2014).
 */
record Signature(long high, long low) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long SILVER = 0xD1B54A32D192ED03L;

  /** Digests many rows at once. */
  static final class Digests {
    private final long[] high;
    private final long[] low;

    Digests(int count) {
      high = new long[count];
      low = new long[count];
    }

    /** Adds the arc to {@code partner} with its work and geography to a row's digest. */
    void add(int row, int partner, double work, double geography) {
      long a = Double.doubleToLongBits(work);
      long g = Double.doubleToLongBits(geography);
      high[row] += mix(mix(partner * GOLDEN + a) + g);
      low[row] += mix(mix(partner * SILVER ^ g) - a);
    }

    /** The digest of a row together with its own two numbers. */
    Signature of(int row, double first, double second) {
      long f = Double.doubleToLongBits(first);
      long s = Double.doubleToLongBits(second);
      return new Signature(mix(mix(high[row] + f) + s), mix(mix(low[row] ^ s) - f));
    }
  }

  private static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
