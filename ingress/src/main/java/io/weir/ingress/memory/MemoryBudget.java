package io.weir.ingress.memory;

import java.util.concurrent.atomic.AtomicLong;

/** A bound on the memory of many things at once. */
public final class MemoryBudget {
  private final AtomicLong left;

  /**
   * @param bytes the bound
   */
  public MemoryBudget(long bytes) {
    left = new AtomicLong(bytes);
  }

  /** Takes bytes if there are as many; they have to be given back. */
  public boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  /** Gives back what was taken. */
  public void giveBack(long bytes) {
    left.addAndGet(bytes);
  }

  /** What can still be taken. */
  public long left() {
    return left.get();
  }
}
