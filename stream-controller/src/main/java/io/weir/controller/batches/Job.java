package io.weir.controller.batches;

import io.weir.routing.batch.BatchProgress;
import io.weir.routing.batch.LineSplitter;
import io.weir.schemas.Batch;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;

/** One batch in the hands of its runner. Belongs to the runner's thread. */
final class Job {
  private final BatchProgress progress = new BatchProgress();
  private Batch batch;
  private Optional<Instant> cancelled = Optional.empty();
  private Optional<LineSplitter> lines = Optional.empty();
  private Optional<Future<? extends Work.Done>> work = Optional.empty();
  private long restsUntil = System.nanoTime();

  Job(Batch batch) {
    this.batch = batch;
  }

  String id() {
    return batch.getId();
  }

  /** As it was written last. */
  Batch batch() {
    return batch;
  }

  void written(Batch next) {
    batch = next;
  }

  BatchProgress progress() {
    return progress;
  }

  int outstanding() {
    return progress.outstanding(batch.getSubmitted());
  }

  Optional<Instant> cancelled() {
    return cancelled;
  }

  void cancel(Instant at) {
    cancelled = Optional.of(at);
  }

  /** Where reading its file has come to; empty before it has begun. */
  Optional<LineSplitter> lines() {
    return lines;
  }

  void reads(LineSplitter from) {
    lines = Optional.of(from);
  }

  /** What is being done for it on another thread. */
  Optional<Future<? extends Work.Done>> work() {
    return work;
  }

  void begin(Future<? extends Work.Done> begun) {
    work = Optional.of(begun);
  }

  void workDone() {
    work = Optional.empty();
  }

  /** Something did not go well: it is left alone for a while. */
  void rest(long nanos) {
    restsUntil = System.nanoTime() + nanos;
  }

  boolean rests() {
    return System.nanoTime() - restsUntil < 0;
  }

  /** True if its record does not say how many lines have ended. */
  boolean hasNews() {
    return batch.getCompleted() != progress.completed() || batch.getFailed() != progress.failed();
  }

  /** Its record with the lines that have ended. */
  Batch.Builder next() {
    return Batch.newBuilder(batch).setCompleted(progress.completed()).setFailed(progress.failed());
  }
}
