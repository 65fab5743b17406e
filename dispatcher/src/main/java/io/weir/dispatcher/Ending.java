package io.weir.dispatcher;

import io.weir.routing.retry.Retryability;
import io.weir.schemas.Failure;
import java.time.Duration;

/**
 * What a request's end on an engine says of the engine.
 *
 * @param pause for how long it asked to be left alone
 */
record Ending(Verdict verdict, Duration pause) {
  static final Ending GOOD = new Ending(Verdict.GOOD, Duration.ZERO);
  static final Ending UNKNOWN = new Ending(Verdict.UNKNOWN, Duration.ZERO);

  enum Verdict {
    GOOD,
    BAD,
    UNKNOWN
  }

  static Ending of(CallResult result) {
    return switch (result) {
      case CallResult.Ended ended -> GOOD;
      case CallResult.Beaten beaten -> UNKNOWN;
      case CallResult.Failed failed -> of(failed.failure());
    };
  }

  private static Ending of(Failure failure) {
    Duration pause = Duration.ofMillis(failure.getRetryAfterMs().orElse(0L));
    String reason = failure.getReason();
    if (Retryability.blamesEngine(reason)) {
      return new Ending(Verdict.BAD, pause);
    }
    if (!reason.equals(Retryability.ENGINE_OVERLOADED.reason())) {
      return UNKNOWN;
    }
    // One that is full and does not say until when would be asked for ever.
    return new Ending(pause.isZero() ? Verdict.BAD : Verdict.UNKNOWN, pause);
  }
}
