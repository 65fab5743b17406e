package io.weir.routing.hash;

/** 64-bit hashes and the random draws made from them, the same on every machine and JVM. */
public final class Hashing {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Hashing() {}

  /** FNV-1a over UTF-16 code units, finished by {@link #mix}. */
  public static long of(String text) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return mix(hash);
  }

  /** SplitMix64's finaliser (Steele, Lea, Flood 2014): a bijection in which every bit counts. */
  public static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * An exponential variate of the given rate, fixed by two hashes. The smallest of several falls on
   * each engine with a probability in proportion to its rate, and the k smallest are a weighted
   * sample without replacement (Efraimidis and Spirakis 2006); with a key's hash it is weighted
   * rendezvous hashing (Schindelhauer and Schomaker 2005).
   */
  public static double exponential(long a, long b, double rate) {
    return -Math.log(uniform(a, b)) / rate;
  }

  /**
   * The same variate if it is below a bound, else some number that is not below it: most of many
   * need no logarithm then, since {@code −ln u ≥ 1 − u}.
   */
  public static double exponentialBelow(long a, long b, double rate, double bound) {
    double uniform = uniform(a, b);
    double least = (1 - uniform) / rate;
    return least >= bound ? least : -Math.log(uniform) / rate;
  }

  /** A number between 0 and 1, neither of them: 53 bits, shifted by half a step. */
  public static double uniform(long a, long b) {
    return ((mix(a ^ mix(b)) >>> 11) + 0.5) * 0x1p-53;
  }
}
