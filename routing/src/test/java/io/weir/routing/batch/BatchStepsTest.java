package io.weir.routing.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.batch.BatchProgress.LineEnd;
import io.weir.routing.batch.BatchSteps.Step;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.FileInfo;
import io.weir.schemas.TrustedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchStepsTest {
  static {
    // Builders copy nested records.
    TrustedRecords.install();
  }

  private static final Instant START = Instant.ofEpochSecond(1_000_000);
  private static final Instant EXPIRY = START.plusSeconds(3600);
  private static final Duration GRACE = Duration.ofSeconds(60);

  private static Batch batch(BatchStatus status, int submitted) {
    return Batch.newBuilder()
        .setId("batch_1")
        .setTenant("acme")
        .setSource("east")
        .setEndpoint("/v1/embeddings")
        .setInput(new FileInfo("file-1", "acme", "f", "batch", 1L, START, EXPIRY, 0, 0L, 0L))
        .setCompletionWindow("1h")
        .setStatus(status)
        .setTotal(10)
        .setSubmitted(submitted)
        .setCreatedAt(START)
        .setExpiresAt(EXPIRY)
        .build();
  }

  private static Step next(Batch batch, Optional<Instant> cancelled, int outstanding, Instant now) {
    return BatchSteps.next(batch, cancelled, outstanding, now, GRACE);
  }

  @Test
  void linesAreHandedOutAwaitedAndCollected() {
    assertThat(next(batch(BatchStatus.VALIDATING, 0), Optional.empty(), 0, START))
        .isEqualTo(Step.VALIDATE);
    assertThat(next(batch(BatchStatus.IN_PROGRESS, 9), Optional.empty(), 3, START))
        .isEqualTo(Step.HAND_OUT);
    assertThat(next(batch(BatchStatus.IN_PROGRESS, 10), Optional.empty(), 1, START))
        .isEqualTo(Step.WAIT);
    assertThat(next(batch(BatchStatus.IN_PROGRESS, 10), Optional.empty(), 0, START))
        .isEqualTo(Step.FINALIZE);
    assertThat(next(batch(BatchStatus.COMPLETED, 10), Optional.of(START), 0, START))
        .isEqualTo(Step.NONE);
  }

  @Test
  void aCancelledBatchHandsOutNothingMore() {
    assertThat(next(batch(BatchStatus.VALIDATING, 0), Optional.of(START), 0, START))
        .isEqualTo(Step.END_UNTOUCHED);
    assertThat(next(batch(BatchStatus.IN_PROGRESS, 5), Optional.of(START), 2, START))
        .isEqualTo(Step.CANCEL);
    // Too late: all of it is done.
    assertThat(next(batch(BatchStatus.IN_PROGRESS, 10), Optional.of(START), 0, START))
        .isEqualTo(Step.FINALIZE);
    Batch cancelling =
        Batch.newBuilder(batch(BatchStatus.CANCELLING, 5)).setCancellingAt(START).build();
    assertThat(next(cancelling, Optional.of(START), 2, START.plusSeconds(59))).isEqualTo(Step.WAIT);
    assertThat(next(cancelling, Optional.of(START), 0, START)).isEqualTo(Step.FINALIZE);
    // Nobody answers for them.
    assertThat(next(cancelling, Optional.of(START), 2, START.plusSeconds(61)))
        .isEqualTo(Step.FINALIZE);
    assertThat(BatchSteps.end(cancelling, 5, 0)).isEqualTo(BatchStatus.CANCELLED);
  }

  @Test
  void anExpiredBatchWaitsForItsLinesToSaySo() {
    assertThat(next(batch(BatchStatus.VALIDATING, 0), Optional.empty(), 0, EXPIRY))
        .isEqualTo(Step.END_UNTOUCHED);
    assertThat(next(batch(BatchStatus.IN_PROGRESS, 5), Optional.empty(), 2, EXPIRY))
        .isEqualTo(Step.WAIT);
    assertThat(next(batch(BatchStatus.IN_PROGRESS, 5), Optional.empty(), 2, EXPIRY.plusSeconds(61)))
        .isEqualTo(Step.FINALIZE);
    assertThat(BatchSteps.end(batch(BatchStatus.FINALIZING, 5), 1, 0))
        .isEqualTo(BatchStatus.EXPIRED);
    assertThat(BatchSteps.end(batch(BatchStatus.FINALIZING, 5), 0, 1))
        .isEqualTo(BatchStatus.EXPIRED);
    assertThat(BatchSteps.end(batch(BatchStatus.FINALIZING, 5), 0, 0))
        .isEqualTo(BatchStatus.COMPLETED);
  }

  @Test
  void aCancellationIsSeenAtOnceButNotOnceItIsTooLate() {
    Optional<Batch> wish =
        Optional.of(
            Batch.newBuilder(batch(BatchStatus.CANCELLING, 0)).setCancellingAt(START).build());
    assertThat(BatchSteps.seen(batch(BatchStatus.IN_PROGRESS, 3), wish).getStatus())
        .isEqualTo(BatchStatus.CANCELLING);
    assertThat(BatchSteps.seen(batch(BatchStatus.IN_PROGRESS, 3), wish).getSubmitted())
        .isEqualTo(3);
    assertThat(BatchSteps.seen(batch(BatchStatus.COMPLETED, 10), wish).getStatus())
        .isEqualTo(BatchStatus.COMPLETED);
    assertThat(BatchSteps.seen(batch(BatchStatus.IN_PROGRESS, 3), Optional.empty()).getStatus())
        .isEqualTo(BatchStatus.IN_PROGRESS);
  }

  @Test
  void aLineEndsOnceAndMakesRoomOnce() {
    // Given a window of three, and three out
    BatchProgress progress = new BatchProgress();
    assertThat(progress.room(3, 3)).isZero();
    // When one of them ends, and is told twice
    assertThat(progress.ended(1, LineEnd.COMPLETED)).isTrue();
    assertThat(progress.ended(1, LineEnd.FAILED)).isFalse();
    // Then
    assertThat(progress.room(3, 3)).isEqualTo(1);
    assertThat(progress.outstanding(3)).isEqualTo(2);
    assertThat(progress.completed()).isEqualTo(1);
    assertThat(progress.failed()).isZero();
  }
}
