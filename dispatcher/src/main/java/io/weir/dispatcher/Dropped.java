package io.weir.dispatcher;

import io.weir.routing.order.DropReason;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleType;
import java.util.Map;
import java.util.Optional;

/**
 * Why a request is dropped before any engine has seen it, with the numbers that led to it.
 *
 * @param retryAfterMillis when it is worth coming again; what is over is over
 */
record Dropped(DropReason reason, Map<String, Double> numbers, Optional<Long> retryAfterMillis) {
  /** One whose time is over, of which nothing else is known. */
  static final Dropped EXPIRED = new Dropped(DropReason.EXPIRED, Map.of(), Optional.empty());

  /** One that may not go to any engine there is, until there are others. */
  static final Dropped OUT_OF_REGION =
      new Dropped(DropReason.NO_ENGINE_IN_REGION, Map.of(), Optional.of(60_000L));

  Dropped {
    numbers = Map.copyOf(numbers);
  }

  /** How the request ends. */
  LifecycleType terminal() {
    return switch (reason) {
      case EXPIRED, INFEASIBLE -> LifecycleType.EXPIRED;
      case QUEUE_DELAY, BROWN_OUT, NO_ENGINE_IN_REGION -> LifecycleType.SHED;
    };
  }

  /**
   * What its client is told.
   *
   * @param attempt number of the attempt that ends; an engine may have seen an earlier one
   */
  Failure failure(int attempt) {
    FailureReason why =
        switch (reason) {
          case EXPIRED, INFEASIBLE -> FailureReason.DEADLINE_EXCEEDED;
          case QUEUE_DELAY -> FailureReason.QUEUE_DELAY;
          case BROWN_OUT -> FailureReason.BROWN_OUT;
          case NO_ENGINE_IN_REGION -> FailureReason.NO_ENGINE_IN_REGION;
        };
    return Failure.newBuilder(why.failure(message(), retryAfterMillis))
        .setWorkStarted(attempt > 1)
        .setRetrySafe(attempt == 1)
        .setNumbers(numbers)
        .build();
  }

  private String message() {
    return switch (reason) {
      case EXPIRED -> "no engine was free before its deadline";
      case INFEASIBLE -> "its first token could not have come before its deadline";
      case QUEUE_DELAY -> "no engine was free within the time to first token of its class";
      case NO_ENGINE_IN_REGION ->
          "no engine of the pool lies in a region where the tenant's requests may go";
      case BROWN_OUT -> "requests of class priority wait too long, and others stand back for them";
    };
  }
}
