package io.weir.routing.limit;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Whether a tenant's limits let a request in. */
public sealed interface LimitVerdict {
  /** Where the tenant stands with its requests per minute, if it has such a limit. */
  Optional<RateStanding> requests();

  /** Where it stands with its tokens per minute, if it has such a limit. */
  Optional<RateStanding> tokens();

  /**
   * They do, and it counts.
   *
   * @param charge what was counted, to be corrected or taken back
   */
  record Taken(Charge charge, Optional<RateStanding> requests, Optional<RateStanding> tokens)
      implements LimitVerdict {}

  /**
   * They do not; nothing was counted.
   *
   * @param numbers that led to it
   * @param retryAfter when to come again; empty if that is of no use
   */
  record Refused(
      LimitReason reason,
      Map<String, Double> numbers,
      Optional<Duration> retryAfter,
      Optional<RateStanding> requests,
      Optional<RateStanding> tokens)
      implements LimitVerdict {}
}
