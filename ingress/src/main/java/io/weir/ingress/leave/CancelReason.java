package io.weir.ingress.leave;

import java.util.Locale;

/** Why a request is to end without an answer. */
public enum CancelReason {
  /** Whoever sent it said so. */
  DELETED,
  /** Its client left, and nobody can come back for the answer. */
  CLIENT_GONE,
  /** Another request with the same idempotency key came first. */
  IDEMPOTENCY_LOST,
  /** The brokers did not say whether they took it, and its client was told that it failed. */
  UNACKNOWLEDGED;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
