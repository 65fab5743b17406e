package io.weir.controller.batches;

import io.weir.controller.batches.ResultJson.Who;
import io.weir.controller.batches.Work.Collected;
import io.weir.controller.requests.LogReader;
import io.weir.routing.batch.BatchSteps;
import io.weir.routing.batch.LineException;
import io.weir.routing.batch.LineParser;
import io.weir.routing.batch.LineSplitter;
import io.weir.routing.batch.LineSplitter.Line;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchResult;
import io.weir.schemas.Failure;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.files.FileGoneException;
import io.weir.schemas.files.FileReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a batch's files: reads from Kafka how each line ended, its answer from the reply
 * partition, and the names of lines that never ended from the input. Keeps at most one result of
 * each line and a few answers in memory. Done twice it makes two pairs of files, of which one is
 * ever told.
 */
final class Collecting implements Callable<Collected> {
  private static final Logger LOG = LoggerFactory.getLogger(Collecting.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LARGEST_ANSWER = 16 << 20;
  private static final String EXPIRED_CODE = "batch_expired";
  private static final String EXPIRED =
      "This request could not be executed before the completion window expired.";
  private static final String CANCELLED_CODE = "batch_cancelled";
  private static final String CANCELLED =
      "This request was not executed, as the batch was cancelled.";

  private final KafkaSettings kafka;
  private final String clientId;
  private final BatchesConfig config;
  private final Batch batch;
  private final OutputFile output;
  private final OutputFile errors;
  private int expired;

  /**
   * @param producer writes the files
   */
  Collecting(
      KafkaSettings kafka,
      String clientId,
      BatchesConfig config,
      Batch batch,
      Producer<String, SpecificRecord> producer) {
    this.kafka = kafka;
    this.clientId = clientId;
    this.config = config;
    this.batch = batch;
    this.output = new OutputFile(producer, batch, "output");
    this.errors = new OutputFile(producer, batch, "error");
  }

  @Override
  public Collected call() throws IOException, InterruptedException {
    Map<Integer, BatchResult> results = results();
    List<BatchResult> withText = new ArrayList<>();
    for (BatchResult result : results.values()) {
      if (hasText(result)) {
        withText.add(result);
      } else {
        withoutText(result);
      }
    }
    try (LogReader replies = new LogReader(kafka, clientId + "-replies", PATIENCE)) {
      for (AnswerGroups.Group group : AnswerGroups.of(withText)) {
        write(group, replies);
      }
    }
    int missing = batch.getTotal() - results.size();
    if (missing > 0) {
      writeMissing(results);
    }
    return new Collected(
        BatchSteps.end(batch, missing, expired),
        output.lines(),
        batch.getTotal() - output.lines(),
        output.finish(),
        errors.finish());
  }

  private Map<Integer, BatchResult> results() {
    Map<Integer, BatchResult> results = new HashMap<>();
    if (batch.getItems().isEmpty()) {
      return results;
    }
    RecordPointer from = batch.getItems().get();
    TopicPartition partition = new TopicPartition(from.getTopic(), from.getPartition());
    try (TopicCursor items =
        new TopicCursor(kafka, clientId + "-items", IsolationLevel.READ_COMMITTED, PATIENCE)) {
      items.follow(partition, from.getOffset());
      items.readOn(
          partition,
          record -> {
            if (record.value() instanceof BatchResult result
                && result.getBatchId().equals(batch.getId())) {
              results.putIfAbsent(result.getLine(), result);
            }
          });
    }
    return results;
  }

  /** A line that was cancelled or expired may have text, but none that anybody is to have. */
  private static boolean hasText(BatchResult result) {
    boolean ran =
        result.getType() == LifecycleType.SUCCEEDED || result.getType() == LifecycleType.FAILED;
    return ran
        && result.getAttemptId().isPresent()
        && result.getFirstOffset().isPresent()
        && result.getLastOffset().isPresent();
  }

  private void withoutText(BatchResult result) throws IOException, InterruptedException {
    Who who = new Who(result.getRequestId(), result.getCustomId());
    switch (result.getType()) {
      case EXPIRED -> {
        expired++;
        errors.add(ResultJson.error(who, EXPIRED_CODE, EXPIRED));
      }
      case CANCELLED ->
          errors.add(
              batch.getCancellingAt().isPresent()
                  ? ResultJson.error(who, CANCELLED_CODE, CANCELLED)
                  : ResultJson.error(who, "request_cancelled", "This request was cancelled."));
      default -> errors.add(failure(who, result));
    }
  }

  private static byte[] failure(Who who, BatchResult result) {
    Optional<Failure> failure = result.getFailure();
    return failure.isPresent()
        ? ResultJson.failure(who, failure.get())
        : ResultJson.error(who, "answer_lost", "The answer of this request is lost.");
  }

  private void write(AnswerGroups.Group group, LogReader replies)
      throws IOException, InterruptedException {
    Map<String, Answer> answers = new HashMap<>();
    for (BatchResult result : group.results()) {
      answers.put(
          result.getAttemptId().orElseThrow(),
          new Answer(result, new GatheredAnswer(LARGEST_ANSWER)));
    }
    BatchResult any = group.results().getFirst();
    replies.read(
        new TopicPartition(any.getReply().getTopic(), any.getReply().getPartition()),
        group.from(),
        group.until(),
        (offset, chunk) ->
            Optional.ofNullable(answers.get(chunk.getAttemptId()))
                .filter(answer -> answer.covers(offset))
                .ifPresent(answer -> answer.text().take(chunk)));
    for (Answer answer : answers.values()) {
      write(answer.result(), answer.text());
    }
  }

  private record Answer(BatchResult result, GatheredAnswer text) {
    boolean covers(long offset) {
      return result.getFirstOffset().orElseThrow() <= offset
          && offset <= result.getLastOffset().orElseThrow();
    }
  }

  private void write(BatchResult result, GatheredAnswer answer)
      throws IOException, InterruptedException {
    Who who = new Who(result.getRequestId(), result.getCustomId());
    if (answer.isTooLarge()) {
      errors.add(
          ResultJson.error(
              who, "answer_too_large", "The answer exceeds " + LARGEST_ANSWER + " bytes."));
    } else if (!answer.isWhole()) {
      errors.add(failure(who, result));
    } else if (answer.status() < 400) {
      output.add(ResultJson.answer(who, answer.status(), answer.body()));
    } else {
      errors.add(ResultJson.answer(who, answer.status(), answer.body()));
    }
  }

  private void writeMissing(Map<Integer, BatchResult> results)
      throws IOException, InterruptedException {
    boolean cancelled = batch.getCancellingAt().isPresent();
    LineParser parser =
        new LineParser(batch.getEndpoint(), config.line().toIntBytes(), config.jsonDepth());
    try (FileReader reader = new FileReader(kafka, clientId + "-input", PATIENCE)) {
      LineSplitter lines =
          new LineSplitter(reader.open(batch.getInput())::next, config.line().toIntBytes());
      for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
        int number = line.get().index();
        if (!results.containsKey(number)) {
          Who who = new Who(LineIds.of(batch, number), parser.customId(line.get().bytes()));
          errors.add(
              cancelled
                  ? ResultJson.error(who, CANCELLED_CODE, CANCELLED)
                  : ResultJson.error(who, EXPIRED_CODE, EXPIRED));
        }
      }
    } catch (FileGoneException gone) {
      LOG.warn("batch_lines_without_result batch={} cause={}", batch.getId(), gone.getMessage());
    } catch (LineException wrong) {
      throw new IOException("A line of " + batch.getInput().getId() + " has changed", wrong);
    }
  }
}
