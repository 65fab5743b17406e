package io.weir.dispatcher;

import java.util.function.BooleanSupplier;

/**
 * One unbroken stay among the living, under one epoch. Whatever is taken under it may be acted upon
 * only while it holds: after that others may have been told to take over.
 */
final class Tenure {
  private final long epoch;
  private final BooleanSupplier lease;
  private volatile boolean over;

  /**
   * One that begins now.
   *
   * @param epoch of the heartbeats that renew the lease
   * @param lease whether the lease has been held without a break
   */
  Tenure(long epoch, BooleanSupplier lease) {
    this.epoch = epoch;
    this.lease = lease;
  }

  long epoch() {
    return epoch;
  }

  /** Once false, it stays so. */
  boolean holds() {
    if (!over && !lease.getAsBoolean()) {
      over = true;
    }
    return !over;
  }

  /** Ends it before its lease does. */
  void end() {
    over = true;
  }
}
