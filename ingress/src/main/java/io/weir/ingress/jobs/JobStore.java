package io.weir.ingress.jobs;

import com.github.f4b6a3.ulid.Ulid;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.weir.routing.batch.BatchSteps;
import io.weir.schemas.Batch;
import io.weir.schemas.FileInfo;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import io.weir.schemas.files.FileReader;
import io.weir.schemas.files.FileWriter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * The files and batches of all tenants. Every ingress knows all of them from Kafka; what is written
 * here has been read back when the writing returns, and others know it a moment later.
 */
public final class JobStore implements AutoCloseable {
  /** An id as young as this may not have been read here yet. */
  private static final Duration YOUNG = Duration.ofSeconds(10);

  /** How long it is waited for. */
  private static final Duration NEWS = Duration.ofSeconds(1);

  private static final Duration READING = Duration.ofSeconds(10);
  private static final Duration BATCH_LIFE = Duration.ofDays(30);

  private final KafkaSettings kafka;
  private final String instance;
  private final Clock clock;
  private final Duration patience;
  private final LatestTable<FileInfo> files;
  private final LatestTable<Batch> batches;
  private final KafkaProducer<String, SpecificRecord> producer;
  private final TopicFollower follower;
  private final AtomicLong readers = new AtomicLong();

  /**
   * Begins to read; returns at once. The topics have to exist.
   *
   * @param mostFiles known at once
   * @param mostBatches known at once
   * @param patience for Kafka to take a record
   */
  public JobStore(
      KafkaSettings kafka,
      String instance,
      int mostFiles,
      int mostBatches,
      Duration patience,
      Clock clock,
      MeterRegistry registry) {
    this.kafka = kafka;
    this.instance = instance;
    this.clock = clock;
    this.patience = patience;
    this.files =
        new LatestTable<>(mostFiles, file -> !file.getExpiresAt().isAfter(clock.instant()));
    // Each batch may have a cancellation.
    this.batches =
        new LatestTable<>(
            2 * mostBatches,
            batch -> batch.getCreatedAt().plus(BATCH_LIFE).isBefore(clock.instant()));
    registry.gauge("weir.ingress.files", Tags.empty(), files, LatestTable::size);
    registry.gauge("weir.ingress.batches", Tags.empty(), batches, LatestTable::size);
    this.producer =
        new KafkaProducer<>(
            kafka.producer(
                Map.of(
                    ProducerConfig.CLIENT_ID_CONFIG,
                    instance + "-jobs",
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    "true",
                    ProducerConfig.LINGER_MS_CONFIG,
                    "0",
                    ProducerConfig.COMPRESSION_TYPE_CONFIG,
                    "lz4",
                    ProducerConfig.BUFFER_MEMORY_CONFIG,
                    Integer.toString(32 << 20),
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    Long.toString(patience.toMillis()),
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    Long.toString(patience.toMillis()),
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    Long.toString(patience.multipliedBy(3).toMillis()))));
    this.follower =
        TopicFollower.start(
            kafka,
            instance + "-jobs",
            List.of(Topics.fileInfos(), Topics.batches()),
            Start.BEGINNING,
            this::read);
  }

  private void read(ConsumerRecord<String, SpecificRecord> record) {
    if (record.topic().equals(Topics.fileInfos())) {
      files.apply(record.key(), Optional.ofNullable((FileInfo) record.value()));
    } else {
      batches.apply(record.key(), Optional.ofNullable((Batch) record.value()));
    }
  }

  /** False until everything that stood in Kafka at the start has been read. */
  public boolean isReady() {
    return follower.isCaughtUp();
  }

  /** Waits for that; false if it is not so in time. */
  public boolean awaitReady(Duration patience) throws InterruptedException {
    return follower.awaitCaughtUp(patience);
  }

  /** True if no more files can be known. */
  public boolean hasNoRoomForFiles() {
    return files.isFull();
  }

  /** True if no more batches can be known. */
  public boolean hasNoRoomForBatches() {
    return batches.isFull();
  }

  /**
   * Begins to write a file.
   *
   * @throws KafkaException if the brokers cannot be reached in time
   */
  public FileWriter writer(String fileId) {
    return new FileWriter(producer, fileId);
  }

  /** Reads files; of its own for each who asks. */
  public FileReader reader() {
    return new FileReader(kafka, instance + "-file-" + readers.incrementAndGet(), READING);
  }

  /**
   * Makes a file be.
   *
   * @throws IOException if it is not known to be written in time
   */
  public void add(FileInfo file) throws IOException, InterruptedException {
    write(Topics.fileInfos(), file.getId(), Optional.of(file));
    var unused = files.await(file.getId(), Optional::isPresent, patience);
  }

  /**
   * Makes a file be no more.
   *
   * @throws IOException if that is not known to be written in time
   */
  public void remove(FileInfo file) throws IOException, InterruptedException {
    write(Topics.fileInfos(), file.getId(), Optional.empty());
    var unused = files.await(file.getId(), Optional::isEmpty, patience);
  }

  /** A tenant's file. */
  public Optional<FileInfo> file(String id, String tenant) throws InterruptedException {
    awaitYoung(files, id, "file-");
    return files.find(id).filter(file -> file.getTenant().equals(tenant));
  }

  /** A tenant's files, newest first. */
  public List<FileInfo> files(String tenant, Predicate<FileInfo> which) {
    return files.all((key, file) -> file.getTenant().equals(tenant) && which.test(file)).stream()
        .sorted(
            Comparator.comparing(FileInfo::getCreatedAt).thenComparing(FileInfo::getId).reversed())
        .toList();
  }

  /**
   * Makes a batch be.
   *
   * @throws IOException if it is not known to be written in time
   */
  public void add(Batch batch) throws IOException, InterruptedException {
    write(Topics.batches(), batch.getId(), Optional.of(batch));
    var unused = batches.await(batch.getId(), Optional::isPresent, patience);
  }

  /**
   * Says that a batch is to be cancelled.
   *
   * @throws IOException if that is not known to be written in time
   */
  public void cancel(Batch batch) throws IOException, InterruptedException {
    String key = Topics.batchCancellation(batch.getId());
    Batch wish = BatchSteps.cancellation(batch, clock.instant());
    write(Topics.batches(), key, Optional.of(wish));
    var unused = batches.await(key, Optional::isPresent, patience);
  }

  /** A tenant's batch. */
  public Optional<Batch> batch(String id, String tenant) throws InterruptedException {
    awaitYoung(batches, id, "batch_");
    return batches.find(id).filter(batch -> batch.getTenant().equals(tenant)).map(this::seen);
  }

  /** A tenant's batches, newest first. */
  public List<Batch> batches(String tenant) {
    return batches
        .all((key, batch) -> batch.getTenant().equals(tenant) && key.equals(batch.getId()))
        .stream()
        .map(this::seen)
        .sorted(Comparator.comparing(Batch::getCreatedAt).thenComparing(Batch::getId).reversed())
        .toList();
  }

  private Batch seen(Batch batch) {
    return BatchSteps.seen(batch, batches.find(Topics.batchCancellation(batch.getId())));
  }

  private <V> void awaitYoung(LatestTable<V> table, String id, String prefix)
      throws InterruptedException {
    String ulid = id.startsWith(prefix) ? id.substring(prefix.length()) : "";
    if (table.find(id).isEmpty() && Ulid.isValid(ulid)) {
      Instant made = Ulid.from(ulid).getInstant();
      if (Duration.between(made, clock.instant()).abs().compareTo(YOUNG) < 0) {
        var unused = table.await(id, Optional::isPresent, NEWS);
      }
    }
  }

  private void write(String topic, String key, Optional<? extends SpecificRecord> value)
      throws IOException, InterruptedException {
    try {
      var unused =
          producer
              .send(new ProducerRecord<>(topic, key, value.orElse(null)))
              .get(patience.multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException failure) {
      throw new IOException("Kafka did not take a record of " + topic, failure);
    }
  }

  @Override
  public void close() {
    follower.close();
    producer.close(Duration.ofSeconds(1));
  }
}
