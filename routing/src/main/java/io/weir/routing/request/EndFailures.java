package io.weir.routing.request;

import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleType;
import java.util.Map;
import java.util.Optional;

/** How a controller ends what cannot go on, and which terminal an END stands for. */
public final class EndFailures {
  /** A deadline has passed. */
  public static final String DEADLINE_EXCEEDED = "deadline_exceeded";

  /** Somebody who may wanted it to end. */
  public static final String CANCELLED = "cancelled";

  /** Too many claims of it have failed. */
  public static final String ATTEMPTS_EXHAUSTED = "attempts_exhausted";

  /** The answer broke off before its client's eyes. */
  public static final String INTERRUPTED = "interrupted";

  /** The record that was to be run again is not there any more. */
  public static final String ORIGINAL_LOST = "original_lost";

  private EndFailures() {}

  /** The terminal of a request whose answer ends like this. */
  public static LifecycleType terminal(Optional<Failure> failure) {
    return failure
        .map(
            each ->
                switch (each.getReason()) {
                  case DEADLINE_EXCEEDED -> LifecycleType.EXPIRED;
                  case CANCELLED -> LifecycleType.CANCELLED;
                  case ATTEMPTS_EXHAUSTED -> LifecycleType.DEAD_LETTERED;
                  default -> LifecycleType.FAILED;
                })
        .orElse(LifecycleType.SUCCEEDED);
  }

  static Failure expired(int attempts) {
    boolean started = attempts > 0;
    return new Failure(
        DEADLINE_EXCEEDED,
        "The request expired before it was answered.",
        504,
        !started,
        started,
        null,
        Map.of());
  }

  static Failure attemptsExhausted(int attempts) {
    return new Failure(
        ATTEMPTS_EXHAUSTED,
        "The request was given up after %d attempts, each of which was lost.".formatted(attempts),
        502,
        false,
        true,
        null,
        Map.of());
  }

  static Failure interrupted() {
    return new Failure(
        INTERRUPTED,
        "The dispatcher that was streaming this answer was lost. The answer is incomplete.",
        502,
        false,
        true,
        null,
        Map.of());
  }

  static Failure originalLost() {
    return new Failure(
        ORIGINAL_LOST,
        "The request was lost while it ran, and its record is not there any more to run it again.",
        502,
        false,
        true,
        null,
        Map.of());
  }
}
