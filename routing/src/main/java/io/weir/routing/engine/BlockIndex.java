package io.weir.routing.engine;

import java.util.Arrays;

/**
 * A fixed number of slots for cached blocks, found by hash, with a list of the unreferenced ones in
 * the order of their last use. No allocation after construction.
 */
final class BlockIndex {
  static final int NONE = -1;

  private final long[] hashes;
  private final int[] references;
  private final int[] newer;
  private final int[] older;
  private final int[] freeSlots;
  private final int[] table;
  private final int mask;
  private int free;
  private int oldest = NONE;
  private int newest = NONE;
  private int idle;

  BlockIndex(int slots) {
    hashes = new long[slots];
    references = new int[slots];
    newer = new int[slots];
    older = new int[slots];
    freeSlots = new int[slots];
    for (int i = 0; i < slots; i++) {
      freeSlots[i] = slots - 1 - i;
    }
    free = slots;
    table = new int[Integer.highestOneBit(Math.max(2, slots)) * 4];
    mask = table.length - 1;
    Arrays.fill(table, NONE);
  }

  /** Slots nobody refers to; they can be evicted. */
  int idle() {
    return idle;
  }

  /** Slots in use or cached. */
  int size() {
    return hashes.length - free;
  }

  int capacity() {
    return hashes.length;
  }

  int find(long hash) {
    for (int i = home(hash); table[i] != NONE; i = (i + 1) & mask) {
      if (hashes[table[i]] == hash) {
        return table[i];
      }
    }
    return NONE;
  }

  /** Adds a hash that is not there, with one reference. There must be a free slot. */
  int add(long hash) {
    int slot = freeSlots[--free];
    hashes[slot] = hash;
    references[slot] = 1;
    int i = home(hash);
    while (table[i] != NONE) {
      i = (i + 1) & mask;
    }
    table[i] = slot;
    return slot;
  }

  void retain(int slot) {
    if (references[slot]++ == 0) {
      unlink(slot);
    }
  }

  void release(int slot) {
    if (--references[slot] == 0) {
      older[slot] = newest;
      newer[slot] = NONE;
      if (newest == NONE) {
        oldest = slot;
      } else {
        newer[newest] = slot;
      }
      newest = slot;
      idle++;
    }
  }

  /** Removes the block that has been idle longest, of which there must be one; its hash. */
  long evict() {
    int slot = oldest;
    unlink(slot);
    remove(slot);
    freeSlots[free++] = slot;
    return hashes[slot];
  }

  private void unlink(int slot) {
    int before = older[slot];
    int after = newer[slot];
    if (before == NONE) {
      oldest = after;
    } else {
      newer[before] = after;
    }
    if (after == NONE) {
      newest = before;
    } else {
      older[after] = before;
    }
    idle--;
  }

  /** Linear probing with backward shift, so that the table never fills with tombstones. */
  private void remove(int slot) {
    int hole = home(hashes[slot]);
    while (table[hole] != slot) {
      hole = (hole + 1) & mask;
    }
    for (int i = (hole + 1) & mask; table[i] != NONE; i = (i + 1) & mask) {
      int distanceFromHome = (i - home(hashes[table[i]])) & mask;
      if (distanceFromHome >= ((i - hole) & mask)) {
        table[hole] = table[i];
        hole = i;
      }
    }
    table[hole] = NONE;
  }

  private int home(long hash) {
    return (int) (Mix.mix(hash) >>> 32) & mask;
  }
}
