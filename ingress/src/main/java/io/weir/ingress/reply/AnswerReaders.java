package io.weir.ingress.reply;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.ResponseChunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads answers from Kafka: what slow clients' buffers could not hold, and what clients missed that
 * come later. A few threads, each with a consumer of its own, serve all of them in turn, a slice at
 * a time.
 */
public final class AnswerReaders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerReaders.class);
  private static final Duration POLL = Duration.ofMillis(100);

  /** A fetch that waits at the end of the log holds up the next client's by this long at most. */
  private static final int FETCH_WAIT_MILLIS = 5;

  /** After this long a slice ends with what it has, so that others get their turn. */
  private static final long SLICE_NANOS = Duration.ofMillis(250).toNanos();

  /** How long a client waits for memory at a time. */
  private static final long MEMORY_WAIT_MILLIS = 500;

  /**
   * Some chunks of one request, in order. To be closed when they have been given to the client.
   *
   * @param replies the chunks
   * @param next all of the request's chunks before this offset have been read
   * @param release gives the memory to the next
   */
  public record Slice(List<Reply> replies, long next, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  private record Found(List<Reply> replies, long next) {}

  private record Order(
      TopicPartition partition, String id, long from, long to, CompletableFuture<Found> found) {}

  private final KafkaSettings kafka;
  private final int sliceBytes;
  private final Semaphore slices;
  private final ArrayBlockingQueue<Order> orders;
  private final MeterRegistry metrics;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Starts the reading threads; they connect when first needed.
   *
   * @param sliceBytes how much of an answer is read at a time
   * @param slices how many slices there are in memory at once, for all clients
   * @param readers number of threads
   * @param clients how many clients there can be at most
   */
  public AnswerReaders(
      KafkaSettings kafka,
      int sliceBytes,
      int slices,
      int readers,
      int clients,
      MeterRegistry metrics) {
    this.kafka = kafka;
    this.sliceBytes = sliceBytes;
    this.slices = new Semaphore(slices, true);
    this.orders = new ArrayBlockingQueue<>(clients);
    this.metrics = metrics;
    for (int i = 0; i < readers; i++) {
      threads.add(Thread.ofPlatform().daemon().name("weir-ingress-refill-" + i).start(this::serve));
    }
  }

  /**
   * Reads chunks of one request; none if memory stays short for a while.
   *
   * @param partition where its answer lies
   * @param from first offset to look at
   * @param to offset to stop before
   * @throws KafkaException if they cannot be read; {@link
   *     org.apache.kafka.clients.consumer.OffsetOutOfRangeException} if they are not kept any more
   */
  public Slice read(TopicPartition partition, String id, long from, long to)
      throws InterruptedException {
    if (!slices.tryAcquire(MEMORY_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
      return new Slice(List.of(), from, () -> {});
    }
    boolean handedOver = false;
    try {
      Order order = new Order(partition, id, from, to, new CompletableFuture<>());
      orders.put(order);
      metrics.counter("weir.ingress.buffer.refills").increment();
      Found found = order.found().get();
      handedOver = true;
      return new Slice(found.replies(), found.next(), slices::release);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known
          ? known
          : new KafkaException("Reading an answer again failed", e.getCause());
    } finally {
      if (!handedOver) {
        slices.release();
      }
    }
  }

  private void serve() {
    KafkaConsumer<String, ResponseChunk> consumer = null;
    try {
      while (!closed) {
        Order order = orders.take();
        try {
          if (consumer == null) {
            consumer = ReplyPartition.consumer(kafka, sliceBytes, FETCH_WAIT_MILLIS);
          }
          order.found().complete(read(consumer, order));
        } catch (InterruptException e) {
          order.found().completeExceptionally(e);
        } catch (RuntimeException e) {
          LOG.warn(
              "refill_failed request_id={} from={} cause={}",
              order.id(),
              order.from(),
              e.toString());
          order.found().completeExceptionally(e);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("refills_closed", e);
    } finally {
      if (consumer != null) {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
      }
    }
  }

  private Found read(KafkaConsumer<String, ResponseChunk> consumer, Order order) {
    long until = System.nanoTime() + SLICE_NANOS;
    TopicPartition partition = order.partition();
    // Seeking throws away what was fetched ahead, which is most often what comes next.
    if (!consumer.assignment().contains(partition)) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, order.from());
    } else if (consumer.position(partition) != order.from()) {
      consumer.seek(partition, order.from());
    }
    List<Reply> found = new ArrayList<>();
    long bytes = 0;
    long next = order.from();
    // A poll brings at most one fetch, which is as large as a slice; all of it is looked at.
    while (next < order.to() && bytes < sliceBytes && System.nanoTime() - until < 0) {
      for (ConsumerRecord<String, ResponseChunk> reply : poll(consumer)) {
        if (reply.value().getRequestId().equals(order.id())) {
          ResponseChunk chunk = ReplyReader.owned(reply.value());
          found.add(new Reply(chunk, reply.offset()));
          bytes += chunk.getData().remaining();
        }
      }
      next = consumer.position(partition);
    }
    return new Found(found, next);
  }

  private Iterable<ConsumerRecord<String, ResponseChunk>> poll(
      KafkaConsumer<String, ResponseChunk> consumer) {
    try {
      return consumer.poll(POLL);
    } catch (RecordDeserializationException e) {
      consumer.seek(e.topicPartition(), e.offset() + 1);
      return List.of();
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    orders.forEach(
        order -> order.found().completeExceptionally(new KafkaException("Shutting down")));
  }
}
