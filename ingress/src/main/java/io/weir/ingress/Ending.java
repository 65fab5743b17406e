package io.weir.ingress;

import java.util.Locale;

/** How a conversation with a client ended; the names are the metric's outcomes. */
enum Ending {
  OK,
  /** The engine answered with an error. */
  ENGINE_ERROR,
  /** There is no answer, or only a part of one, and its end says why. */
  FAILED,
  /** What was sent is void. */
  SUPERSEDED,
  /** What is left of the answer cannot be read. */
  UNREADABLE,
  /** The answer stopped coming. */
  STALLED,
  /** nginx logs these as 499. */
  CLIENT_GONE,
  /** The brokers said that they did not take the request. */
  NOT_PRODUCED,
  /** The brokers did not say whether they took the request. */
  UNACKNOWLEDGED,
  EXPIRED,
  SHUTTING_DOWN,
  /** The answer had not come to its end when the client had waited as long as it wanted. */
  PENDING;

  /** True if the request may still run, and its client is gone or was told that it failed. */
  boolean abandonsRequest() {
    return switch (this) {
      case SUPERSEDED, UNREADABLE, STALLED, CLIENT_GONE -> true;
      default -> false;
    };
  }

  /** The metric's word. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
