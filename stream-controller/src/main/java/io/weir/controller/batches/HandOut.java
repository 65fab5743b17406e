package io.weir.controller.batches;

import io.weir.controller.batches.BatchRunner.Shell;
import io.weir.routing.batch.LineException;
import io.weir.routing.batch.LineParser;
import io.weir.routing.batch.LineSplitter;
import io.weir.routing.batch.LineSplitter.Line;
import io.weir.routing.fleet.PoolRouting;
import io.weir.schemas.Batch;
import io.weir.schemas.Cancellation;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.Topics;
import io.weir.schemas.files.FileGoneException;
import io.weir.schemas.files.FileReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out lines: their requests and how many were handed out are one transaction, so that each
 * line is handed out once.
 */
final class HandOut {
  private static final Logger LOG = LoggerFactory.getLogger(HandOut.class);
  private static final int MOST_LINES = 200;
  private static final int MOST_BYTES = 1 << 20;
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final String REASON = "batch_cancelled";

  private final Shell shell;
  private final BatchLog log;
  private final ToLongFunction<TopicPartition> ends;
  private final FileReader inputs;
  private final Workers workers;

  /**
   * @param ends tells where partitions end
   */
  HandOut(
      Shell shell,
      BatchLog log,
      ToLongFunction<TopicPartition> ends,
      FileReader inputs,
      Workers workers) {
    this.shell = shell;
    this.log = log;
    this.ends = ends;
    this.inputs = inputs;
    this.workers = workers;
  }

  /**
   * Hands out some of a batch's lines, if it is worth a transaction.
   *
   * @return false if it is not
   * @throws FileGoneException if the rest of the file is gone
   */
  boolean run(Job job) throws FileGoneException, InterruptedException {
    Batch batch = job.batch();
    int window = shell.config().outstanding();
    int room = job.progress().room(batch.getSubmitted(), window);
    int left = batch.getTotal() - batch.getSubmitted();
    if (room < Math.min(left, Math.max(1, window / 8))) {
      return false;
    }
    if (!shell.tenants().hasBudget(batch.getTenant())) {
      // There will be more, or the batch expires.
      job.rest(REST_NANOS);
      return false;
    }
    List<Line> lines = lines(job, Math.min(Math.min(room, left), MOST_LINES));
    if (lines.isEmpty()) {
      return false;
    }
    write(job, lines);
    return true;
  }

  private List<Line> lines(Job job, int most) throws FileGoneException {
    List<Line> lines = new ArrayList<>();
    try {
      if (job.lines().isEmpty()) {
        job.reads(opened(job.batch()));
      }
      LineSplitter from = job.lines().orElseThrow();
      long bytes = 0;
      while (lines.size() < most && bytes < MOST_BYTES) {
        Line line =
            from.next().orElseThrow(() -> new IOException("the file ends before its last line"));
        lines.add(line);
        bytes += line.bytes().remaining();
      }
    } catch (FileGoneException gone) {
      if (lines.isEmpty()) {
        throw gone;
      }
    } catch (IOException trouble) {
      LOG.warn("batch_put_off batch={} cause={}", job.id(), trouble.toString());
      job.rest(REST_NANOS);
    }
    return lines;
  }

  private LineSplitter opened(Batch batch) throws IOException {
    LineSplitter from =
        new LineSplitter(inputs.open(batch.getInput())::next, shell.config().line().toIntBytes());
    for (int i = 0; i < batch.getSubmitted(); i++) {
      if (from.next().isEmpty()) {
        throw new IOException("the file ends before the last line that was handed out");
      }
    }
    return from;
  }

  private void write(Job job, List<Line> lines) throws InterruptedException {
    Batch batch = job.batch();
    Instant now = shell.clock().instant();
    PoolRouting pools = new PoolRouting(shell.fleet().get());
    ReplyAddress reply = reply(batch);
    LineParser parser =
        new LineParser(
            batch.getEndpoint(), shell.config().line().toIntBytes(), shell.config().jsonDepth());
    List<ProducerRecord<String, SpecificRecord>> records = new ArrayList<>();
    for (Line line : lines) {
      try {
        records.add(
            LineRecords.of(
                batch,
                line.index(),
                parser.parse(line.bytes()),
                pools,
                reply,
                shell.config().defaultOutputTokens(),
                now));
      } catch (LineException changed) {
        throw new IllegalStateException(
            "Line %d of %s was good and is not any more: %s; was controller.batches.line changed?"
                .formatted(line.number() + 1, batch.getInput().getId(), changed.getMessage()),
            changed);
      }
    }
    Batch next = job.next().setSubmitted(batch.getSubmitted() + lines.size()).build();
    records.add(record(next));
    List<RecordMetadata> written = log.commit(records);
    job.written(next);
    shell.lines().add(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      if (records.get(i).value() instanceof InferenceRequest request) {
        accept(request, written.get(i));
      }
    }
  }

  private ReplyAddress reply(Batch batch) {
    ReplyAddress first = batch.getReply().orElseThrow();
    TopicPartition partition = new TopicPartition(first.getTopic(), first.getPartition());
    return new ReplyAddress(first.getTopic(), first.getPartition(), ends.applyAsLong(partition));
  }

  /** A claim can stand in for an ACCEPTED that is lost. */
  private void accept(InferenceRequest request, RecordMetadata lies) {
    try {
      var unused =
          workers
              .producer()
              .send(
                  new ProducerRecord<>(
                      Topics.lifecycle(),
                      request.getId(),
                      LineRecords.accepted(request, lies, shell.instance())),
                  (written, failure) -> {
                    if (failure != null) {
                      LOG.debug("accepted_not_produced request_id={}", request.getId(), failure);
                    }
                  });
    } catch (KafkaException failure) {
      LOG.debug("accepted_not_produced request_id={}", request.getId(), failure);
    }
  }

  /** What ends the lines of a batch that were handed out and have not ended. */
  static List<ProducerRecord<String, SpecificRecord>> cancellations(Job job, Instant now) {
    Batch batch = job.batch();
    String topic = Topics.cancellations(batch.getSource());
    List<ProducerRecord<String, SpecificRecord>> records = new ArrayList<>();
    for (int line = 0; line < batch.getSubmitted(); line++) {
      if (!job.progress().hasEnded(line)) {
        String id = LineIds.of(batch, line);
        records.add(
            new ProducerRecord<>(
                topic, id, new Cancellation(id, REASON, now, batch.getExpiresAt())));
      }
    }
    return records;
  }

  static ProducerRecord<String, SpecificRecord> record(Batch batch) {
    return new ProducerRecord<>(Topics.batches(), batch.getId(), batch);
  }
}
