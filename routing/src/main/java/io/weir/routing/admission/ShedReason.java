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
  LANE_FULL;

  /** The name in metrics, events and answers. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
