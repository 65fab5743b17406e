package io.weir.routing.prefix;

import java.util.Arrays;

/** One entry for each pair of a block and an engine that holds it, in arrays used over again. */
final class BlockEntries {
  private static final int NONE = LongIntTable.NONE;

  private long[] hashes;
  private int[] slots;
  private int[] nextHolder;
  private int[] previousHolder;
  private int[] newer;
  private int[] older;
  private int used;
  private int free = NONE;

  BlockEntries(int initial) {
    hashes = new long[initial];
    slots = new int[initial];
    nextHolder = new int[initial];
    previousHolder = new int[initial];
    newer = new int[initial];
    older = new int[initial];
  }

  int take(long hash, int slot) {
    int entry = free;
    if (entry == NONE) {
      entry = used++;
      if (used > hashes.length) {
        grow();
      }
    } else {
      free = newer[entry];
    }
    hashes[entry] = hash;
    slots[entry] = slot;
    return entry;
  }

  void giveBack(int entry) {
    newer[entry] = free;
    free = entry;
  }

  long hash(int entry) {
    return hashes[entry];
  }

  int slot(int entry) {
    return slots[entry];
  }

  int newer(int entry) {
    return newer[entry];
  }

  void newer(int entry, int value) {
    newer[entry] = value;
  }

  int older(int entry) {
    return older[entry];
  }

  void older(int entry, int value) {
    older[entry] = value;
  }

  int nextHolder(int entry) {
    return nextHolder[entry];
  }

  /** Puts an entry before the first of those with the same hash. */
  void linkHolder(int entry, int first) {
    nextHolder[entry] = first;
    previousHolder[entry] = NONE;
    if (first != NONE) {
      previousHolder[first] = entry;
    }
  }

  /** Takes an entry from those with the same hash; true if it was the first. */
  boolean unlinkHolder(int entry) {
    int next = nextHolder[entry];
    int previous = previousHolder[entry];
    if (next != NONE) {
      previousHolder[next] = previous;
    }
    if (previous != NONE) {
      nextHolder[previous] = next;
    }
    return previous == NONE;
  }

  private void grow() {
    int length = hashes.length * 2;
    hashes = Arrays.copyOf(hashes, length);
    slots = Arrays.copyOf(slots, length);
    nextHolder = Arrays.copyOf(nextHolder, length);
    previousHolder = Arrays.copyOf(previousHolder, length);
    newer = Arrays.copyOf(newer, length);
    older = Arrays.copyOf(older, length);
  }
}
