package io.weir.schemas.members;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long this instance may still take itself for alive, by its own monotonic clock: a lease from
 * the time at which the last heartbeat that Kafka took was sent. Whoever does not hold it must not
 * act as if nobody had taken over. Safe for any number of threads.
 */
public final class Lease {
  private final long lengthNanos;
  private final LongSupplier nanoClock;
  private volatile long renewedNanos;

  Lease(Duration length, LongSupplier nanoClock) {
    this.lengthNanos = length.toNanos();
    this.nanoClock = nanoClock;
    // It begins expired: nobody knows this instance yet.
    this.renewedNanos = nanoClock.getAsLong() - lengthNanos;
  }

  /** True until the lease ends; false before the first heartbeat is acknowledged. */
  public boolean isHeld() {
    return sinceRenewal().toNanos() < lengthNanos;
  }

  /** Time since the last acknowledged heartbeat was sent. */
  public Duration sinceRenewal() {
    return Duration.ofNanos(nanoClock.getAsLong() - renewedNanos);
  }

  /** A heartbeat sent then was acknowledged. */
  synchronized void renew(long sentNanos) {
    if (sentNanos - renewedNanos > 0) {
      renewedNanos = sentNanos;
    }
  }
}
