package io.weir.controller.batches;

import io.weir.schemas.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Does what takes long, a few things at a time, and writes what needs no transaction. */
final class Workers implements AutoCloseable {
  private static final int THREADS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ExecutorService threads;
  private final Producer<String, SpecificRecord> producer;

  Workers(KafkaSettings kafka, String instance) {
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            Thread.ofPlatform().daemon().name("weir-batches-" + instance + "-", 0).factory());
    this.producer =
        new KafkaProducer<>(
            kafka.producer(
                Map.of(
                    ProducerConfig.CLIENT_ID_CONFIG,
                    instance + "-batches-plain",
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    "true",
                    ProducerConfig.LINGER_MS_CONFIG,
                    "5",
                    ProducerConfig.COMPRESSION_TYPE_CONFIG,
                    "lz4",
                    ProducerConfig.BUFFER_MEMORY_CONFIG,
                    Integer.toString(16 << 20),
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    Long.toString(PATIENCE.dividedBy(2).toMillis()),
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    Long.toString(PATIENCE.dividedBy(2).toMillis()),
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    Long.toString(PATIENCE.toMillis()))));
  }

  <D> Future<D> submit(Callable<D> work) {
    return threads.submit(work);
  }

  /** Writes without transactions: parts of files, and what is good to know. */
  Producer<String, SpecificRecord> producer() {
    return producer;
  }

  @Override
  public void close() {
    var unused = threads.shutdownNow();
    producer.close(Duration.ofSeconds(1));
  }
}
