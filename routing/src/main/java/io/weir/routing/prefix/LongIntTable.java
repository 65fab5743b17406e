package io.weir.routing.prefix;

import java.util.Arrays;

/**
 * From longs to ints, without boxing. Linear probing at half load; removal shifts back, so the
 * table never fills with tombstones. Keys must be well mixed.
 */
final class LongIntTable {
  static final int NONE = -1;

  private long[] keys;
  private int[] values;
  private int mask;
  private int size;

  LongIntTable(int expected) {
    allocate(Integer.highestOneBit(Math.max(8, expected)) * 4);
  }

  int size() {
    return size;
  }

  /** The value of a key; {@link #NONE} if it has none. */
  int get(long key) {
    return values[find(key)];
  }

  /**
   * Sets the value of a key.
   *
   * @param value not negative
   */
  void put(long key, int value) {
    int at = find(key);
    if (values[at] == NONE) {
      if (++size > keys.length / 2) {
        grow();
        at = find(key);
      }
      keys[at] = key;
    }
    values[at] = value;
  }

  void remove(long key) {
    int hole = find(key);
    if (values[hole] == NONE) {
      return;
    }
    size--;
    for (int i = (hole + 1) & mask; values[i] != NONE; i = (i + 1) & mask) {
      int distanceFromHome = (i - home(keys[i])) & mask;
      if (distanceFromHome >= ((i - hole) & mask)) {
        keys[hole] = keys[i];
        values[hole] = values[i];
        hole = i;
      }
    }
    values[hole] = NONE;
  }

  private int find(long key) {
    int at = home(key);
    while (values[at] != NONE && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int home(long key) {
    return (int) (key >>> 32) & mask;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    allocate(keys.length * 2);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != NONE) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }

  private void allocate(int length) {
    keys = new long[length];
    values = new int[length];
    Arrays.fill(values, NONE);
    mask = length - 1;
  }
}
