package io.weir.ingress;

import java.util.concurrent.atomic.AtomicLong;

/** A bound on the memory of many things at once. */
final class MemoryBudget {
  private final AtomicLong left;

  /**
   * @param bytes the bound
   */
  MemoryBudget(long bytes) {
    left = new AtomicLong(bytes);
  }

  /** Takes bytes if there are as many; they have to be given back. */
  boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }

  long left() {
    return left.get();
  }
}
