package io.weir.routing.limit;

import java.util.Locale;

/** Which of its limits a tenant has reached. */
public enum LimitReason {
  REQUESTS_PER_MINUTE,
  TOKENS_PER_MINUTE,
  /** One request would need more tokens than the tenant has in a whole minute. */
  REQUEST_TOO_LARGE,
  BUDGET_EXHAUSTED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in metrics, events and answers. */
  public String label() {
    return label;
  }
}
