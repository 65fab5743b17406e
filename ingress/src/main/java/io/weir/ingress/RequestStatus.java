package io.weir.ingress;

import io.weir.schemas.LifecycleType;
import java.util.Locale;
import java.util.Optional;

/** Where a request is in its life, in the words of OpenAI's objects. */
enum RequestStatus {
  QUEUED,
  IN_PROGRESS,
  CANCELLING,
  COMPLETED,
  FAILED,
  CANCELLED,
  EXPIRED;

  private static final String CANCELLED_REASON = "cancelled";
  private static final String EXPIRED_REASON = "deadline_exceeded";
  private static final int FIRST_ERROR = 400;

  /** Of a terminal. */
  static RequestStatus of(LifecycleType terminal) {
    return switch (terminal) {
      case SUCCEEDED -> COMPLETED;
      case CANCELLED -> CANCELLED;
      case EXPIRED -> EXPIRED;
      default -> FAILED;
    };
  }

  /** Of an answer that has come to its end. */
  static RequestStatus of(CollectedAnswer answer) {
    Optional<String> reason = answer.error().map(error -> error.weir().reason());
    if (reason.isPresent()) {
      return switch (reason.get()) {
        case CANCELLED_REASON -> CANCELLED;
        case EXPIRED_REASON -> EXPIRED;
        default -> FAILED;
      };
    }
    boolean refused = answer.head().filter(head -> head.getStatus() >= FIRST_ERROR).isPresent();
    return refused ? FAILED : COMPLETED;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
