package io.weir.routing.order;

import java.util.Locale;

/** Why a waiting request was dropped before any work was done for it. */
public enum DropReason {
  /** Its deadline has passed. */
  EXPIRED,
  /** Its first token cannot come before its deadline. */
  INFEASIBLE,
  /** Priority requests wait too long, and standard ones are thinned for them. */
  BROWN_OUT;

  /** The name in metrics, events and answers. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
