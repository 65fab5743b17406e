package io.weir.controller.batches;

import io.weir.controller.batches.BatchRunner.Shell;
import io.weir.controller.batches.Work.Checked;
import io.weir.controller.batches.Work.Collected;
import io.weir.routing.batch.BatchSteps;
import io.weir.routing.fleet.PoolRouting;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchError;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.FileInfo;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.Topics;
import io.weir.schemas.files.FileGoneException;
import io.weir.schemas.files.FileReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which this controller runs the batches. What it knows comes from Kafka, and each step
 * is one transaction, so that the next term goes on wherever this one ends. Belongs to one thread.
 */
final class Term implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Term.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long COUNTS_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Shell shell;
  private final BatchLog log;
  private final TopicCursor topic;
  private final TopicCursor items;

  /** Only tells where partitions end that nobody here follows. */
  private final TopicCursor ends;

  private final FileReader inputs;
  private final Workers workers;
  private final HandOut handOut;
  private final Jobs jobs = new Jobs();
  private long countsAt = System.nanoTime();

  private Term(Shell shell, BatchLog log) {
    this.shell = shell;
    this.log = log;
    String name = shell.instance() + "-batches";
    this.topic =
        new TopicCursor(shell.kafka(), name + "-jobs", IsolationLevel.READ_COMMITTED, PATIENCE);
    this.items =
        new TopicCursor(shell.kafka(), name + "-items", IsolationLevel.READ_COMMITTED, PATIENCE);
    this.ends =
        new TopicCursor(shell.kafka(), name + "-ends", IsolationLevel.READ_UNCOMMITTED, PATIENCE);
    this.inputs = new FileReader(shell.kafka(), name + "-input", Validation.PATIENCE);
    this.workers = new Workers(shell.kafka(), shell.instance());
    this.handOut = new HandOut(shell, log, this::end, inputs, workers);
  }

  /**
   * Takes over.
   *
   * @throws KafkaException if Kafka cannot be reached in time
   */
  static Term begin(Shell shell) throws InterruptedException {
    Term term = new Term(shell, BatchLog.open(shell.kafka(), shell.instance()));
    try {
      TopicPartition batches = new TopicPartition(Topics.batches(), 0);
      term.topic.follow(batches, 0);
      term.topic.readOn(batches, term.jobs::heard);
      term.jobs.caughtUp();
      term.jobs
          .items()
          .forEach(
              (partition, from) -> {
                term.items.follow(partition, from);
                term.items.readOn(partition, term.jobs::ended);
              });
      return term;
    } catch (RuntimeException failure) {
      term.close();
      throw failure;
    }
  }

  Map<BatchStatus, Integer> counts() {
    return jobs.counts();
  }

  /**
   * Does what there is to do now.
   *
   * @return false if there was nothing
   * @throws KafkaException if something could not be written; then the term is over
   */
  boolean step() throws InterruptedException {
    topic.poll(Duration.ZERO, jobs::heard);
    items.poll(Duration.ZERO, jobs::ended);
    boolean worked = false;
    for (Job job : jobs.all()) {
      if (!job.rests()) {
        worked |= advance(job);
      }
    }
    if (System.nanoTime() - countsAt > COUNTS_NANOS) {
      countsAt = System.nanoTime();
      writeCounts();
    }
    return worked;
  }

  private boolean advance(Job job) throws InterruptedException {
    Instant now = shell.clock().instant();
    Duration grace = shell.config().grace();
    return switch (BatchSteps.next(job.batch(), job.cancelled(), job.outstanding(), now, grace)) {
      case VALIDATE -> validate(job);
      case HAND_OUT -> handOut(job);
      case CANCEL -> {
        Instant at = job.cancelled().orElse(now);
        Batch next = job.next().setStatus(BatchStatus.CANCELLING).setCancellingAt(at).build();
        write(job, next, HandOut.cancellations(job, now));
        yield true;
      }
      case FINALIZE -> collect(job);
      case END_UNTOUCHED -> {
        job.work().ifPresent(work -> work.cancel(true));
        BatchStatus end = job.cancelled().isPresent() ? BatchStatus.CANCELLED : BatchStatus.EXPIRED;
        write(
            job,
            job.next()
                .setStatus(end)
                .setCancellingAt(job.cancelled().orElse(null))
                .setEndedAt(now)
                .build(),
            List.of());
        yield true;
      }
      case WAIT, NONE -> false;
    };
  }

  private boolean validate(Job job) throws InterruptedException {
    if (job.work().isEmpty()) {
      if (jobs.busy() >= shell.config().running()) {
        return false;
      }
      PoolRouting pools = new PoolRouting(shell.fleet().get());
      job.begin(
          workers.submit(
              new Validation(
                  shell.kafka(),
                  shell.instance() + "-check-" + job.id(),
                  shell.config(),
                  job.batch(),
                  model ->
                      pools.pool(model, "").isPresent()
                          && shell.tenants().allowsModel(job.batch().getTenant(), model))));
      return true;
    }
    Optional<Checked> checked = done(job, Checked.class);
    if (checked.isEmpty()) {
      return false;
    }
    if (checked.get().errors().isEmpty()) {
      start(job, checked.get().lines());
    } else {
      fail(job, checked.get().errors());
    }
    return true;
  }

  private void start(Job job, int lines) throws InterruptedException {
    Batch batch = job.batch();
    TopicPartition results = spread(Topics.batchItems(), job);
    TopicPartition replies = spread(Topics.responses(batch.getSource()), job);
    long from = end(results);
    items.follow(results, from);
    write(
        job,
        job.next()
            .setStatus(BatchStatus.IN_PROGRESS)
            .setTotal(lines)
            .setStartedAt(shell.clock().instant())
            .setItems(new RecordPointer(results.topic(), results.partition(), from))
            .setReply(new ReplyAddress(replies.topic(), replies.partition(), end(replies)))
            .build(),
        List.of());
  }

  private long end(TopicPartition partition) {
    // Of partitions that it does not have, the client only says so with a warning.
    ends.follow(partition, 0);
    return ends.end(partition);
  }

  private TopicPartition spread(String name, Job job) {
    return new TopicPartition(name, Spread.partition(job.id(), ends.partitions(name)));
  }

  private void fail(Job job, List<BatchError> errors) throws InterruptedException {
    Instant now = shell.clock().instant();
    write(
        job,
        job.next().setStatus(BatchStatus.FAILED).setErrors(errors).setEndedAt(now).build(),
        HandOut.cancellations(job, now));
  }

  private boolean handOut(Job job) throws InterruptedException {
    try {
      return handOut.run(job);
    } catch (FileGoneException gone) {
      fail(job, List.of(Validation.gone(gone)));
      return true;
    }
  }

  private boolean collect(Job job) throws InterruptedException {
    if (job.batch().getStatus() == BatchStatus.IN_PROGRESS) {
      Instant now = shell.clock().instant();
      write(
          job,
          job.next().setStatus(BatchStatus.FINALIZING).setFinalizingAt(now).build(),
          List.of());
    }
    if (job.work().isEmpty()) {
      job.begin(
          workers.submit(
              new Collecting(
                  shell.kafka(),
                  shell.instance() + "-collect-" + job.id(),
                  shell.config(),
                  job.batch(),
                  workers.producer())));
      return true;
    }
    Optional<Collected> collected = done(job, Collected.class);
    if (collected.isPresent()) {
      end(job, collected.get());
    }
    return collected.isPresent();
  }

  private void end(Job job, Collected files) throws InterruptedException {
    List<ProducerRecord<String, SpecificRecord>> infos = new ArrayList<>();
    Stream.of(files.output(), files.errors())
        .flatMap(Optional::stream)
        .forEach(file -> infos.add(new ProducerRecord<>(Topics.fileInfos(), file.getId(), file)));
    write(
        job,
        Batch.newBuilder(job.batch())
            .setStatus(files.end())
            .setCompleted(files.completed())
            .setFailed(files.failed())
            .setOutputFile(files.output().map(FileInfo::getId).orElse(null))
            .setErrorFile(files.errors().map(FileInfo::getId).orElse(null))
            .setEndedAt(shell.clock().instant())
            .build(),
        infos);
  }

  /** What came of a job's work; empty while it goes on, or if it has to be done again. */
  private <D extends Work.Done> Optional<D> done(Job job, Class<D> kind)
      throws InterruptedException {
    Future<? extends Work.Done> work = job.work().orElseThrow();
    if (!work.isDone()) {
      return Optional.empty();
    }
    job.workDone();
    try {
      return Optional.of(kind.cast(work.get()));
    } catch (ExecutionException failure) {
      LOG.warn(
          "batch_put_off batch={} status={}",
          job.id(),
          job.batch().getStatus(),
          failure.getCause());
      job.rest(REST_NANOS);
      return Optional.empty();
    }
  }

  private void writeCounts() throws InterruptedException {
    List<Job> changed =
        jobs.all().stream()
            .filter(job -> job.hasNews() && job.batch().getStatus() != BatchStatus.FINALIZING)
            .toList();
    if (changed.isEmpty()) {
      return;
    }
    List<Batch> next = changed.stream().map(job -> job.next().build()).toList();
    log.commit(next.stream().map(HandOut::record).toList());
    for (int i = 0; i < changed.size(); i++) {
      changed.get(i).written(next.get(i));
    }
  }

  private void write(Job job, Batch next, List<ProducerRecord<String, SpecificRecord>> more)
      throws InterruptedException {
    List<ProducerRecord<String, SpecificRecord>> records = new ArrayList<>(more);
    records.add(HandOut.record(next));
    var unused = log.commit(records);
    if (next.getStatus() != job.batch().getStatus()) {
      LOG.info("batch_{} batch={} lines={}", next.getStatus(), job.id(), next.getTotal());
    }
    job.written(next);
    if (BatchSteps.isOver(next.getStatus())) {
      jobs.remove(job);
    }
  }

  @Override
  public void close() {
    for (AutoCloseable part : List.of(workers, inputs, ends, items, topic, log)) {
      try {
        part.close();
      } catch (Exception failure) {
        LOG.debug("part_not_closed instance={}", shell.instance(), failure);
      }
    }
  }
}
