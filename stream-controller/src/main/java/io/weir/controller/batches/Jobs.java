package io.weir.controller.batches;

import io.weir.routing.batch.BatchProgress.LineEnd;
import io.weir.routing.batch.BatchSteps;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchResult;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The batches that are not over, as the topic of batches says, and the lines of them that have
 * ended. Bounded by how many batches ingresses take.
 */
final class Jobs {
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final Map<String, Instant> cancellations = new HashMap<>();
  private boolean caughtUp;

  /** Takes the next record of the topic of batches. */
  void heard(ConsumerRecord<String, SpecificRecord> record) {
    if (!(record.value() instanceof Batch batch)) {
      return;
    }
    Optional<String> cancelled = Topics.cancelledBatch(record.key());
    if (cancelled.isPresent()) {
      Instant at = batch.getCancellingAt().orElse(batch.getCreatedAt());
      Optional<Job> job = Optional.ofNullable(jobs.get(cancelled.get()));
      job.ifPresent(each -> each.cancel(at));
      if (!caughtUp && job.isEmpty()) {
        cancellations.put(cancelled.get(), at);
      }
    } else if (!caughtUp) {
      know(batch);
    } else if (batch.getStatus() == BatchStatus.VALIDATING) {
      // All else is what this runner wrote itself.
      jobs.put(batch.getId(), new Job(batch));
    }
  }

  private void know(Batch batch) {
    Optional<Instant> cancelled =
        Optional.ofNullable(jobs.remove(batch.getId())).flatMap(Job::cancelled);
    if (!BatchSteps.isOver(batch.getStatus())) {
      Job job = new Job(batch);
      cancelled
          .or(() -> Optional.ofNullable(cancellations.get(batch.getId())))
          .ifPresent(job::cancel);
      jobs.put(batch.getId(), job);
    }
  }

  /** Everything that stood in the topic was given. */
  void caughtUp() {
    caughtUp = true;
    cancellations.clear();
  }

  /** Takes the next record of the topic of lines' ends. */
  void ended(ConsumerRecord<String, SpecificRecord> record) {
    if (record.value() instanceof BatchResult result) {
      Optional.ofNullable(jobs.get(result.getBatchId()))
          .ifPresent(job -> job.progress().ended(result.getLine(), end(result.getType())));
    }
  }

  private static LineEnd end(LifecycleType type) {
    return type == LifecycleType.SUCCEEDED ? LineEnd.COMPLETED : LineEnd.FAILED;
  }

  /** Where lines' ends have to be read from, by partition. */
  Map<TopicPartition, Long> items() {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Job job : jobs.values()) {
      if (job.batch().getItems().isPresent()) {
        RecordPointer from = job.batch().getItems().get();
        offsets.merge(
            new TopicPartition(from.getTopic(), from.getPartition()), from.getOffset(), Math::min);
      }
    }
    return offsets;
  }

  /** All of them, in the order in which they came. */
  List<Job> all() {
    return new ArrayList<>(jobs.values());
  }

  void remove(Job job) {
    jobs.remove(job.id());
  }

  /** How many are being checked or run. */
  long busy() {
    return jobs.values().stream()
        .filter(job -> job.batch().getStatus() != BatchStatus.VALIDATING || job.work().isPresent())
        .count();
  }

  Map<BatchStatus, Integer> counts() {
    Map<BatchStatus, Integer> counts = new EnumMap<>(BatchStatus.class);
    jobs.values().forEach(job -> counts.merge(job.batch().getStatus(), 1, Integer::sum));
    return counts;
  }
}
