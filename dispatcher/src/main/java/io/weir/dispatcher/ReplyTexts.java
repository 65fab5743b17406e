package io.weir.dispatcher;

import io.weir.schemas.Continues;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.ResponseChunk;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from reply partitions what was published of answers that are to go on elsewhere. For one
 * thread; its consumer is made when it is first needed.
 */
final class ReplyTexts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplyTexts.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** No engine takes a longer prompt. */
  private static final long LONGEST = 16 * 1024 * 1024;

  private final Supplier<Consumer<String, ResponseChunk>> maker;
  private Optional<Consumer<String, ResponseChunk>> consumer = Optional.empty();

  /**
   * Reads nothing yet.
   *
   * @param maker makes a consumer without a group and without a position to fall back to
   */
  ReplyTexts(Supplier<Consumer<String, ResponseChunk>> maker) {
    this.maker = maker;
  }

  /**
   * The text of one request's answer that an attempt is to go on from; waits for the broker for a
   * few seconds at most.
   *
   * @return empty if it is not there any more or cannot be read: then the answer begins anew
   */
  Optional<Continuation> read(String requestId, ReplyAddress reply, Continues wanted) {
    if (wanted.getBodyBytes() > LONGEST) {
      return Optional.empty();
    }
    Consumer<String, ResponseChunk> reader = consumer.orElseGet(maker);
    consumer = Optional.of(reader);
    TopicPartition partition = new TopicPartition(reply.getTopic(), reply.getPartition());
    try {
      reader.assign(List.of(partition));
      reader.seek(partition, reply.getEndOffset());
      long end = reader.endOffsets(List.of(partition), PATIENCE).get(partition);
      TextSoFar text = new TextSoFar(wanted);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (reader.position(partition, PATIENCE) < end && System.nanoTime() - deadline < 0) {
        for (ConsumerRecord<String, ResponseChunk> record : reader.poll(POLL)) {
          if (record.value() != null && record.value().getRequestId().equals(requestId)) {
            Optional<Continuation> found = text.accept(record.value());
            if (found.isPresent()) {
              return found;
            }
          }
        }
      }
      LOG.warn("text to go on from is not found request_id={}", requestId);
    } catch (KafkaException | IllegalArgumentException trouble) {
      LOG.warn(
          "text to go on from cannot be read request_id={}: {}", requestId, trouble.toString());
    } finally {
      // Nothing is fetched ahead for nobody.
      reader.unsubscribe();
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    consumer.ifPresent(Consumer::close);
  }
}
