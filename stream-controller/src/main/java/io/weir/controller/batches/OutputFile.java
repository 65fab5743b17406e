package io.weir.controller.batches;

import com.github.f4b6a3.ulid.Ulid;
import io.weir.schemas.Batch;
import io.weir.schemas.FileInfo;
import io.weir.schemas.files.FileExtent;
import io.weir.schemas.files.FileWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;

/** A file of a batch's results; there is none if nothing is written to it. */
final class OutputFile {
  /** As long as the topic of files keeps it. */
  private static final Duration LIFE = Duration.ofDays(30);

  private final Producer<String, SpecificRecord> producer;
  private final Batch batch;
  private final String kind;
  private final String id = "file-" + Ulid.fast();
  private Optional<FileWriter> writer = Optional.empty();
  private int lines;

  /**
   * @param kind what its name ends on
   */
  OutputFile(Producer<String, SpecificRecord> producer, Batch batch, String kind) {
    this.producer = producer;
    this.batch = batch;
    this.kind = kind;
  }

  void add(byte[] line) throws IOException, InterruptedException {
    if (writer.isEmpty()) {
      writer = Optional.of(new FileWriter(producer, id));
    }
    writer.get().write(line, 0, line.length);
    lines++;
  }

  int lines() {
    return lines;
  }

  /** What will make it a file, once that is written. */
  Optional<FileInfo> finish() throws IOException, InterruptedException {
    if (writer.isEmpty()) {
      return Optional.empty();
    }
    FileExtent extent = writer.get().finish();
    Instant now = Instant.now();
    return Optional.of(
        new FileInfo(
            id,
            batch.getTenant(),
            batch.getId() + "_" + kind + ".jsonl",
            "batch_output",
            extent.bytes(),
            now,
            now.plus(LIFE),
            extent.partition(),
            extent.firstOffset(),
            extent.lastOffset()));
  }
}
