package io.weir.routing.order;

import java.util.Locale;

/** Why a waiting request was dropped before any work was done for it. */
public enum DropReason {
  /** Its time is over. */
  EXPIRED,
  /** Its first token cannot come in time. */
  INFEASIBLE,
  /** It has waited longer than it was worth. */
  QUEUE_DELAY,
  /** Priority requests wait too long, and standard ones are thinned for them. */
  BROWN_OUT,
  /** No engine of its pool lies where its tenant's requests may go. */
  NO_ENGINE_IN_REGION;

  /** The name in metrics, events and answers. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
