package io.weir.schemas.files;

import io.weir.schemas.FileChunk;
import io.weir.schemas.FileInfo;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads files part by part, several in turn if need be. Belongs to one thread. */
public final class FileReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<String, FileChunk> consumer;
  private final Duration patience;

  /**
   * @param patience for one part
   */
  public FileReader(KafkaSettings kafka, String clientId, Duration patience) {
    this.patience = patience;
    this.consumer =
        new KafkaConsumer<>(
            kafka.consumer(
                Map.of(
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    clientId,
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    "false",
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "none",
                    // So that the position is that of the part after the one that was given.
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    "1",
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    "100",
                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    Long.toString(patience.toMillis()))));
  }

  /** Begins to read a file. Cursors of one reader may be used in turn. */
  public Cursor open(FileInfo file) {
    return new Cursor(file);
  }

  /** A place in a file. */
  public final class Cursor {
    private final FileInfo file;
    private long next;
    private int index;

    private Cursor(FileInfo file) {
      this.file = file;
      this.next = file.getFirstOffset();
    }

    /**
     * The next part; empty at the end.
     *
     * @throws FileGoneException if parts have been deleted
     * @throws IOException if Kafka cannot be read in time; trying again goes on from here
     */
    public Optional<ByteBuffer> next() throws IOException {
      long deadline = System.nanoTime() + patience.toNanos();
      while (next <= file.getLastOffset()) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException("File " + file.getId() + " could not be read in time");
        }
        for (ConsumerRecord<String, FileChunk> record : poll()) {
          next = record.offset() + 1;
          if (record.offset() <= file.getLastOffset()
              && record.value().getFileId().equals(file.getId())) {
            if (record.value().getIndex() != index) {
              throw new FileGoneException(file.getId());
            }
            index++;
            return Optional.of(record.value().getData());
          }
        }
      }
      return Optional.empty();
    }

    private Iterable<ConsumerRecord<String, FileChunk>> poll() throws IOException {
      TopicPartition partition = new TopicPartition(Topics.files(), file.getPartition());
      try {
        if (!consumer.assignment().equals(Set.of(partition))) {
          consumer.assign(List.of(partition));
          consumer.seek(partition, next);
        } else if (consumer.position(partition) != next) {
          consumer.seek(partition, next);
        }
        return consumer.poll(POLL);
      } catch (OffsetOutOfRangeException gone) {
        consumer.assign(List.of());
        throw new FileGoneException(file.getId());
      } catch (KafkaException trouble) {
        throw new IOException("File " + file.getId() + " cannot be read", trouble);
      }
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
