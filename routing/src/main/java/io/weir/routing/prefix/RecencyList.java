package io.weir.routing.prefix;

/** One engine's entries in the order of their last use. */
final class RecencyList {
  private static final int NONE = LongIntTable.NONE;

  private final BlockEntries entries;

  /** Blocks the engine's cache has room for. */
  int budget;

  private int oldest = NONE;
  private int newest = NONE;
  private int size;

  RecencyList(BlockEntries entries) {
    this.entries = entries;
  }

  int size() {
    return size;
  }

  int oldest() {
    return oldest;
  }

  void addNewest(int entry) {
    entries.older(entry, newest);
    entries.newer(entry, NONE);
    if (newest == NONE) {
      oldest = entry;
    } else {
      entries.newer(newest, entry);
    }
    newest = entry;
    size++;
  }

  void unlink(int entry) {
    int before = entries.older(entry);
    int after = entries.newer(entry);
    if (before == NONE) {
      oldest = after;
    } else {
      entries.newer(before, after);
    }
    if (after == NONE) {
      newest = before;
    } else {
      entries.older(after, before);
    }
    size--;
  }
}
