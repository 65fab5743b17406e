package io.weir.routing.prefix;

import io.weir.routing.hash.Hashing;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How often keys were seen of late, in fixed memory: a count-min sketch (Cormode and Muthukrishnan
 * 2005) whose counts are halved at a steady beat by its owner. It never counts too low, and too
 * high by more than 0.3 % of all in 2 % of keys at most. Safe for use by several threads; a count
 * lost to a race with halving is of no weight.
 */
final class KeySketch {
  /** Error at most e / width of the total. */
  private static final int WIDTH = 1024;

  /** Odds of a larger error: e^-depth. */
  private static final int DEPTH = 4;

  private final AtomicIntegerArray cells = new AtomicIntegerArray(WIDTH * DEPTH);

  /** Counts a key; returns its count with this one. */
  int add(long key) {
    int least = Integer.MAX_VALUE;
    for (int row = 0; row < DEPTH; row++) {
      least = Math.min(least, cells.incrementAndGet(cell(key, row)));
    }
    return least;
  }

  /** A key's count. */
  int count(long key) {
    int least = Integer.MAX_VALUE;
    for (int row = 0; row < DEPTH; row++) {
      least = Math.min(least, cells.get(cell(key, row)));
    }
    return least;
  }

  /** Halves all counts. */
  void halve() {
    for (int i = 0; i < cells.length(); i++) {
      cells.updateAndGet(i, count -> count >> 1);
    }
  }

  private static int cell(long key, int row) {
    return row * WIDTH + (int) (Hashing.mix(key + row) >>> 54);
  }
}
