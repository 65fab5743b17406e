package io.weir.routing.admission;

import java.util.Locale;

/** Why a request was not admitted. */
public enum ShedReason {
  /** It would wait longer than its class's part of the time to first token. */
  QUEUE_DELAY,
  /** Its tenant has as much waiting as its part of what its class may have waiting. */
  TENANT_SHARE,
  /** It would wait until past its own deadline. */
  DEADLINE,
  /** Nothing is known to serve the pool. */
  NO_CAPACITY,
  /** The plan of the weights turns this part of its class away. */
  PLANNED,
  /** Its class is taken down while a higher one waits too long. */
  BROWN_OUT,
  /** Its lane holds as much as it may. */
  LANE_FULL,
  /** Its tenant has sent as many requests as it may in a minute. */
  REQUESTS_PER_MINUTE,
  /** Its tenant has used as many tokens as it may in a minute. */
  TOKENS_PER_MINUTE,
  /** It would take more tokens than its tenant has in a whole minute. */
  REQUEST_TOO_LARGE,
  /** Its tenant has used up what it may in a day or month. */
  BUDGET_EXHAUSTED;

  /** True if it is its tenant's limit, whatever the pool could do. */
  public boolean isLimit() {
    return compareTo(REQUESTS_PER_MINUTE) >= 0;
  }

  /** The name in metrics, events and answers. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
