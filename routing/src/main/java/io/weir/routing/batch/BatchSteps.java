package io.weir.routing.batch;

import io.weir.schemas.Batch;
import io.weir.schemas.BatchStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What is to be done next for a batch. */
public final class BatchSteps {
  private BatchSteps() {}

  /** One step. */
  public enum Step {
    /** Its input is to be checked. */
    VALIDATE,
    /** Lines are to be handed out, as far as there is room. */
    HAND_OUT,
    /** Its outstanding lines are to be cancelled, and it is to say so. */
    CANCEL,
    /** Its outstanding lines are to be awaited. */
    WAIT,
    /** Its files are to be written. */
    FINALIZE,
    /** It is to be ended without files, as none of its lines was looked at. */
    END_UNTOUCHED,
    /** Nothing. */
    NONE
  }

  /**
   * The next step.
   *
   * @param cancelled when its client cancelled it
   * @param outstanding lines that were handed out and have not ended
   * @param grace how long the ends of lines are awaited once the batch is to end
   */
  public static Step next(
      Batch batch, Optional<Instant> cancelled, int outstanding, Instant now, Duration grace) {
    boolean expired = !now.isBefore(batch.getExpiresAt());
    return switch (batch.getStatus()) {
      case VALIDATING -> expired || cancelled.isPresent() ? Step.END_UNTOUCHED : Step.VALIDATE;
      case IN_PROGRESS -> {
        if (cancelled.isPresent() && !isDone(batch, outstanding)) {
          yield Step.CANCEL;
        }
        if (expired) {
          yield ends(outstanding, now, batch.getExpiresAt().plus(grace));
        }
        if (batch.getSubmitted() < batch.getTotal()) {
          yield Step.HAND_OUT;
        }
        yield outstanding == 0 ? Step.FINALIZE : Step.WAIT;
      }
      case CANCELLING ->
          ends(outstanding, now, batch.getCancellingAt().orElse(Instant.EPOCH).plus(grace));
      case FINALIZING -> Step.FINALIZE;
      case COMPLETED, FAILED, CANCELLED, EXPIRED -> Step.NONE;
    };
  }

  private static boolean isDone(Batch batch, int outstanding) {
    return batch.getSubmitted() == batch.getTotal() && outstanding == 0;
  }

  private static Step ends(int outstanding, Instant now, Instant latest) {
    return outstanding == 0 || now.isAfter(latest) ? Step.FINALIZE : Step.WAIT;
  }

  /**
   * What a batch ends as.
   *
   * @param missing lines that never ended
   * @param expired lines that ended because their time was over
   */
  public static BatchStatus end(Batch batch, int missing, int expired) {
    if (batch.getCancellingAt().isPresent()) {
      return BatchStatus.CANCELLED;
    }
    return missing + expired > 0 ? BatchStatus.EXPIRED : BatchStatus.COMPLETED;
  }

  /** True if nothing will become of a batch that it is not. */
  public static boolean isOver(BatchStatus status) {
    return switch (status) {
      case COMPLETED, FAILED, CANCELLED, EXPIRED -> true;
      case VALIDATING, IN_PROGRESS, FINALIZING, CANCELLING -> false;
    };
  }

  /** What says that a batch is to be cancelled. */
  public static Batch cancellation(Batch batch, Instant now) {
    return Batch.newBuilder(batch).setStatus(BatchStatus.CANCELLING).setCancellingAt(now).build();
  }

  /** The batch as its client is to see it: one that is cancelled says so at once. */
  public static Batch seen(Batch batch, Optional<Batch> cancellation) {
    boolean open =
        batch.getStatus() == BatchStatus.VALIDATING || batch.getStatus() == BatchStatus.IN_PROGRESS;
    if (cancellation.isEmpty() || !open) {
      return batch;
    }
    return Batch.newBuilder(batch)
        .setStatus(BatchStatus.CANCELLING)
        .setCancellingAt(cancellation.get().getCancellingAt().orElse(null))
        .build();
  }
}
