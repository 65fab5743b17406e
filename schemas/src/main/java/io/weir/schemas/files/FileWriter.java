package io.weir.schemas.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.schemas.FileChunk;
import io.weir.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;

/**
 * Writes one file's parts. Nobody sees the file before its {@link io.weir.schemas.FileInfo} is
 * written, so that one that is broken off leaves nothing but bytes to be deleted in time. Belongs
 * to one thread; at most 2.5 MiB are on their way at a time.
 */
public final class FileWriter {
  /** Largest part. */
  public static final int PART_BYTES = 512 << 10;

  private static final int ON_THEIR_WAY = 4;

  private final Producer<String, SpecificRecord> producer;
  private final String fileId;
  private final int partition;
  private final Queue<Future<RecordMetadata>> sent = new ArrayDeque<>();
  private final byte[] part = new byte[PART_BYTES];
  private int filled;
  private int parts;
  private long bytes;
  private long first = 0;
  private long last = -1;

  /**
   * @param producer with all acknowledgements and without transactions; shared, stays open
   * @throws KafkaException if Kafka does not say in time how many partitions there are
   */
  public FileWriter(Producer<String, SpecificRecord> producer, String fileId) {
    this.producer = producer;
    this.fileId = fileId;
    int partitions = producer.partitionsFor(Topics.files()).size();
    this.partition = Utils.toPositive(Utils.murmur2(fileId.getBytes(UTF_8))) % partitions;
  }

  /** How much was written so far. */
  public long bytes() {
    return bytes;
  }

  /**
   * Takes more of the file; waits for Kafka if it is slow.
   *
   * @throws IOException if Kafka did not take a part
   */
  public void write(byte[] from, int offset, int length) throws IOException, InterruptedException {
    int at = offset;
    int left = length;
    while (left > 0) {
      int taken = Math.min(left, PART_BYTES - filled);
      System.arraycopy(from, at, part, filled, taken);
      filled += taken;
      at += taken;
      left -= taken;
      if (filled == PART_BYTES) {
        send();
      }
    }
    bytes += length;
  }

  /**
   * Waits until all parts are written.
   *
   * @throws IOException if Kafka did not take a part
   */
  public FileExtent finish() throws IOException, InterruptedException {
    if (filled > 0) {
      send();
    }
    while (!sent.isEmpty()) {
      await();
    }
    return new FileExtent(bytes, partition, first, last);
  }

  private void send() throws IOException, InterruptedException {
    if (sent.size() == ON_THEIR_WAY) {
      await();
    }
    ByteBuffer data = ByteBuffer.wrap(Arrays.copyOf(part, filled));
    try {
      sent.add(
          producer.send(
              new ProducerRecord<>(
                  Topics.files(), partition, fileId, new FileChunk(fileId, parts, data))));
    } catch (KafkaException failure) {
      throw notTaken(failure);
    }
    parts++;
    filled = 0;
  }

  private void await() throws IOException, InterruptedException {
    try {
      long offset = sent.remove().get().offset();
      first = last < 0 ? offset : first;
      last = offset;
    } catch (ExecutionException failure) {
      throw notTaken(failure.getCause());
    }
  }

  private IOException notTaken(Throwable cause) {
    return new IOException("Kafka did not take all of file " + fileId, cause);
  }
}
