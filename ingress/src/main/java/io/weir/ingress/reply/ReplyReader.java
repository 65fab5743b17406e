package io.weir.ingress.reply;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.ResponseChunk;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the end of the reply partition on one thread and hands each chunk to the exchange that
 * waits for it. It never waits for a client. Exchanges register before their request is sent, and
 * there are never more of them than the ingress admits requests; those that come later begin by
 * reading from Kafka.
 */
public final class ReplyReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplyReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration ERROR_PAUSE = Duration.ofMillis(500);

  /** Bounds what one poll can bring into memory; a single larger record still comes. */
  private static final int FETCH_BYTES = 4 << 20;

  /** Data ends a fetch's wait at once; this is how often an idle ingress asks again. */
  private static final int FETCH_WAIT_MILLIS = 500;

  /** Fields of a chunk beside its data, roughly. */
  private static final int ENVELOPE_BYTES = 1 << 10;

  private final KafkaConsumer<String, ResponseChunk> consumer;
  private final TopicPartition partition;
  private final ConcurrentHashMap<String, List<Exchange>> exchanges = new ConcurrentHashMap<>();
  private final Counter unknown;
  private final Counter unreadable;
  private final Counter drops;
  private final CountDownLatch started = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean ready;
  private volatile long position;

  /** Starts to follow the partition. */
  public ReplyReader(ReplyPartition replies, MeterRegistry metrics) {
    this.partition = replies.partition();
    this.consumer = ReplyPartition.consumer(replies.kafka(), FETCH_BYTES, FETCH_WAIT_MILLIS);
    consumer.assign(List.of(partition));
    this.unknown = metrics.counter("weir.ingress.replies.unknown");
    this.unreadable = metrics.counter("weir.ingress.replies.unreadable");
    this.drops = metrics.counter("weir.ingress.buffer.drops");
    this.thread =
        Thread.ofPlatform().name("weir-ingress-replies-" + partition.partition()).start(this::run);
  }

  /**
   * Waits until the position in the partition is known.
   *
   * @return false if it is not within the time
   */
  public boolean awaitReady(Duration within) throws InterruptedException {
    return started.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** True while the partition is being read. */
  public boolean isReady() {
    return ready;
  }

  /**
   * Where to send answers; every answer to a request sent from now on lies at or after its offset.
   */
  public ReplyAddress address() {
    return new ReplyAddress(partition.topic(), partition.partition(), position);
  }

  /** Which partition it follows. */
  public TopicPartition partition() {
    return partition;
  }

  /**
   * Lets chunks reach an exchange live again. Those before the offset that is returned have to be
   * read from Kafka.
   */
  public long rejoin(Exchange exchange) {
    exchange.rejoin();
    // Read after rejoining: whatever was dropped before lies below it, and what comes later is
    // live. What is both is told apart by its offset.
    return position;
  }

  /** Hands the chunks of its request to an exchange from now on, beside any others there are. */
  public void register(Exchange exchange) {
    exchanges.merge(
        exchange.id(),
        List.of(exchange),
        (before, added) -> Stream.concat(before.stream(), added.stream()).toList());
  }

  public void remove(Exchange exchange) {
    exchanges.computeIfPresent(
        exchange.id(),
        (id, all) -> {
          List<Exchange> others = all.stream().filter(each -> each != exchange).toList();
          return others.isEmpty() ? null : others;
        });
    exchange.close();
  }

  /** True if somebody waits for the answer to a request. */
  boolean isAwaited(String id) {
    return exchanges.containsKey(id);
  }

  /** Those that wait for an answer. */
  Stream<Exchange> waiting() {
    return exchanges.values().stream().flatMap(List::stream);
  }

  private void run() {
    try (consumer) {
      seekToEnd();
      while (!closed) {
        try {
          pollOnce();
        } catch (RecordDeserializationException e) {
          skip(e);
        } catch (OffsetOutOfRangeException e) {
          LOG.error("replies_lost partition={} position={}", partition, position, e);
          seekToEnd();
        } catch (WakeupException | InterruptException e) {
          throw e;
        } catch (KafkaException e) {
          ready = false;
          LOG.warn("replies_unreadable partition={} cause={}", partition, e.toString());
          Thread.sleep(ERROR_PAUSE);
        }
      }
    } catch (WakeupException | InterruptException | InterruptedException e) {
      LOG.debug("replies_closed partition={}", partition, e);
    } finally {
      ready = false;
    }
  }

  private void seekToEnd() throws InterruptedException {
    while (!closed) {
      try {
        consumer.seekToEnd(List.of(partition));
        position = consumer.position(partition);
        ready = true;
        started.countDown();
        return;
      } catch (WakeupException | InterruptException e) {
        throw e;
      } catch (KafkaException e) {
        LOG.warn("replies_position_unknown partition={} cause={}", partition, e.toString());
        Thread.sleep(ERROR_PAUSE);
      }
    }
  }

  private void pollOnce() {
    for (ConsumerRecord<String, ResponseChunk> reply : consumer.poll(POLL)) {
      position = reply.offset() + 1;
      ResponseChunk chunk = reply.value();
      List<Exchange> awaiting = exchanges.get(chunk.getRequestId());
      if (awaiting == null) {
        unknown.increment();
      } else {
        hand(owned(chunk), reply.offset(), awaiting);
      }
    }
    ready = true;
  }

  private void hand(ResponseChunk chunk, long offset, List<Exchange> awaiting) {
    for (Exchange exchange : awaiting) {
      if (!exchange.offer(chunk, offset)) {
        drops.increment();
      }
    }
  }

  /** A chunk in memory of its own size: its data may be a slice of a whole fetch. */
  static ResponseChunk owned(ResponseChunk chunk) {
    ByteBuffer data = chunk.getData();
    if (data.hasArray()) {
      int before = data.arrayOffset() + data.position();
      int others = data.array().length - data.remaining();
      if (before <= ENVELOPE_BYTES && others <= data.remaining() + ENVELOPE_BYTES) {
        return chunk;
      }
    }
    byte[] copy = new byte[data.remaining()];
    data.get(data.position(), copy);
    return new ResponseChunk(
        chunk.getRequestId(),
        chunk.getAttemptId(),
        chunk.getAttempt(),
        chunk.getHead().orElse(null),
        ByteBuffer.wrap(copy),
        chunk.getFirstSeq(),
        chunk.getCount(),
        chunk.getEnd().orElse(null),
        chunk.getClosedAttempts(),
        chunk.getKeepText(),
        chunk.getContinues().orElse(null));
  }

  private void skip(RecordDeserializationException e) {
    unreadable.increment();
    LOG.warn("reply_unreadable partition={} offset={}", partition, e.offset(), e);
    consumer.seek(e.topicPartition(), e.offset() + 1);
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
