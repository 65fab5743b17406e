package io.weir.routing.engine;

/** A 64-bit mixing function (Stafford's variant 13, as in SplitMix64). */
final class Mix {
  private Mix() {}

  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
