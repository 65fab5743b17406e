package io.weir.dispatcher;

import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RecordPointer;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/** Reads single requests from where they lie. For one thread; closes its consumer. */
final class Originals implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Consumer<String, LaneRecord> consumer;

  /**
   * Reads nothing yet.
   *
   * @param consumer of its own, without a group and without a position to fall back to
   */
  Originals(Consumer<String, LaneRecord> consumer) {
    this.consumer = consumer;
  }

  /** What a look at one place found. */
  sealed interface Reading {
    record Found(InferenceRequest request) implements Reading {}

    /** It is not there, and will never be again. */
    record Lost(String problem) implements Reading {}

    /** It cannot be read now. */
    record Later(String problem) implements Reading {}
  }

  /** Reads one request; waits for the broker for a few seconds at most. */
  Reading read(RecordPointer pointer, String requestId) {
    TopicPartition lane = new TopicPartition(pointer.getTopic(), pointer.getPartition());
    try {
      consumer.assign(List.of(lane));
      consumer.seek(lane, pointer.getOffset());
      ConsumerRecords<String, LaneRecord> records = consumer.poll(PATIENCE);
      if (!records.isEmpty()) {
        return reading(records.iterator().next(), pointer, requestId);
      }
      long end = consumer.endOffsets(List.of(lane), PATIENCE).get(lane);
      return end <= pointer.getOffset()
          ? new Reading.Lost("the lane ends at " + end)
          : new Reading.Later("no answer in time");
    } catch (OffsetOutOfRangeException deleted) {
      return new Reading.Lost("its offset is not in the lane");
    } catch (RetriableException trouble) {
      return new Reading.Later(trouble.toString());
    } catch (KafkaException | IllegalArgumentException trouble) {
      return new Reading.Lost(trouble.toString());
    }
  }

  private static Reading reading(
      ConsumerRecord<String, LaneRecord> record, RecordPointer pointer, String requestId) {
    if (record.offset() != pointer.getOffset() || record.value() == null) {
      return new Reading.Lost("the record is not in the lane");
    }
    return switch (record.value()) {
      case LaneRecord.Request(InferenceRequest request) when request.getId().equals(requestId) ->
          new Reading.Found(request);
      case LaneRecord.Unreadable(String problem) -> new Reading.Later(problem);
      case LaneRecord.Poison(String problem) -> new Reading.Lost(problem);
      default -> new Reading.Lost("another record is in its place");
    };
  }

  @Override
  public void close() {
    consumer.close();
  }
}
