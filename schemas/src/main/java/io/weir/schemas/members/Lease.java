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
  // Written in this order and read in the opposite one, so that no break goes unseen.
  private volatile long holding;
  private volatile long renewedNanos;
  // Guarded by this.
  private long round;

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

  /** Counts how often the lease was gained after it had not been held. */
  public long holding() {
    return holding;
  }

  /**
   * True if the lease is held, and has been without a break since it was gained for that time. An
   * instance that slept through the end of its lease is not fooled by a heartbeat that is
   * acknowledged just after it woke up.
   */
  public boolean isHeldSince(long thatHolding) {
    return isHeld() && holding == thatHolding;
  }

  /** Counts the epochs; a heartbeat renews only the lease of its own. */
  synchronized long round() {
    return round;
  }

  /** A heartbeat of that round, sent then, was acknowledged. */
  synchronized void renew(long thatRound, long sentNanos) {
    if (thatRound == round && sentNanos - renewedNanos > 0) {
      if (!isHeld()) {
        holding++;
      }
      renewedNanos = sentNanos;
    }
  }

  /** Ends the lease: only heartbeats sent from now on renew it. */
  synchronized void end() {
    round++;
    renewedNanos = nanoClock.getAsLong() - lengthNanos;
  }
}
