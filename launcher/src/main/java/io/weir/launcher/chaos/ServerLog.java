package io.weir.launcher.chaos;

import io.weir.schemas.Cancellation;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Requeue;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What became of every request, as the topics tell it. */
final class ServerLog implements AutoCloseable {
  private final Map<String, RequestLife> lives = new LinkedHashMap<>();
  private final LogReader lifecycle;
  private final LogReader lanes;
  private final LogReader replies;

  ServerLog(KafkaSettings kafka) {
    // Controllers write to the lifecycle and lines of batches in transactions; answers are read as
    // they come.
    this.lifecycle = new LogReader(kafka, List.of(Topics.lifecycle()), "read_committed");
    List<String> topics = new ArrayList<>();
    for (RequestClass each : RequestClass.values()) {
      topics.add(Topics.requests(SystemLayout.SOURCE, SystemLayout.POOL, each));
    }
    topics.add(Topics.requeues(SystemLayout.SOURCE, SystemLayout.POOL));
    topics.add(Topics.cancellations(SystemLayout.SOURCE));
    this.lanes = new LogReader(kafka, topics, "read_committed");
    this.replies =
        new LogReader(kafka, List.of(Topics.responses(SystemLayout.SOURCE)), "read_uncommitted");
  }

  /** Reads what has come since the last time. */
  void readOn() {
    lanes.readOn(this::take);
    replies.readOn(this::take);
    lifecycle.readOn(this::take);
  }

  private void take(ConsumerRecord<String, SpecificRecord> entry) {
    long at = entry.timestamp();
    String where = entry.topic() + "-" + entry.partition() + "@" + entry.offset();
    switch (entry.value()) {
      case InferenceRequest request -> life(request.getId()).request(at, where, request);
      case LifecycleEvent event -> life(event.getRequestId()).event(at, entry.offset(), event);
      case ResponseChunk chunk -> life(chunk.getRequestId()).chunk(at, entry.offset(), chunk);
      case Requeue requeue ->
          life(requeue.getRequestId())
              .note(at, "requeue " + where + " attempt " + requeue.getAttemptNumber());
      case Cancellation cancellation ->
          life(cancellation.getRequestId())
              .note(at, "cancel  " + where + " because " + cancellation.getReason());
      case null -> {
        // A tombstone says nothing of a life.
      }
      default -> throw new ChaosException("Nobody expected this in " + where);
    }
  }

  private RequestLife life(String id) {
    return lives.computeIfAbsent(id, RequestLife::new);
  }

  Collection<RequestLife> lives() {
    return lives.values();
  }

  /** Requests that were taken and have not come to an end. */
  long open() {
    return lives.values().stream()
        .filter(life -> life.laneRecords() > 0 && life.terminal().isEmpty())
        .count();
  }

  @Override
  public void close() {
    lifecycle.close();
    lanes.close();
    replies.close();
  }
}
