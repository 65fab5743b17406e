package io.weir.schemas.members;

import java.time.Duration;

/**
 * How long a heartbeat stands for its member. The member counts its lease from the moment it sent
 * the heartbeat, the others from the moment the log took it, which is later; so a member knows that
 * it may be taken for dead before anyone takes it for dead.
 *
 * @param beat time between heartbeats; positive and at most a third of the lease
 * @param lease how long a member that sends no more is still alive
 * @param margin added by the others, for clocks that run apart and for what is under way; at least
 *     0
 */
public record LeaseTerms(Duration beat, Duration lease, Duration margin) {
  /** What every instance of a deployment keeps to. */
  public static final LeaseTerms STANDARD =
      new LeaseTerms(Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofMillis(500));

  public LeaseTerms {
    if (!beat.isPositive() || beat.multipliedBy(3).compareTo(lease) > 0 || margin.isNegative()) {
      throw new IllegalArgumentException(
          "A beat of %s, a lease of %s and a margin of %s: the lease must be at least three beats."
              .formatted(beat, lease, margin));
    }
  }

  /** How much newer a heartbeat of another has to be for a member to be dead. */
  public Duration silence() {
    return lease.plus(margin);
  }
}
