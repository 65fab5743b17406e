package io.weir.dispatcher.answer;

import io.weir.schemas.Attempt;
import io.weir.schemas.Continues;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one attempt's chunks to its reply partition, in order. Calls must not overlap. The first
 * one waits for the attempt's claim. Once a chunk could not be written, or the claim no longer
 * holds, nothing more of the attempt is: a reader must never take a text with a hole for the
 * answer.
 */
public final class AnswerPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerPublisher.class);
  private static final ByteBuffer NO_DATA = ByteBuffer.allocate(0);

  private final Producer<String, ? super ResponseChunk> producer;
  private final PublishListener listener;
  private final String requestId;
  private final Attempt attempt;
  private final Claim claim;
  private final ReplyAddress reply;
  private final Callback acks = this::acked;
  private final CompletableFuture<Optional<Span>> ended = new CompletableFuture<>();

  // Written by the producer's thread under this object's monitor, which nothing else waits in.
  private long firstOffset = Long.MAX_VALUE;
  private long lastOffset = -1;
  private int unacked;
  private boolean endSent;
  private boolean broken;

  private Optional<Continues> continues;
  private boolean claimed;
  private long bodyBytes;
  private long events;

  /** Where an attempt's chunks lie. */
  public record Span(long firstOffset, long lastOffset) {}

  /** Counts what is written. Called from any thread. */
  public interface PublishListener {
    void chunk(int bytes);

    void broken();
  }

  /**
   * Publishes nothing yet.
   *
   * @param claim what the first chunk waits for
   * @param continues the text that this attempt goes on from; its events count on from there
   */
  public AnswerPublisher(
      Producer<String, ? super ResponseChunk> producer,
      PublishListener listener,
      String requestId,
      Attempt attempt,
      Claim claim,
      ReplyAddress reply,
      Optional<Continues> continues) {
    this.producer = producer;
    this.listener = listener;
    this.requestId = requestId;
    this.attempt = attempt;
    this.claim = claim;
    this.reply = reply;
    this.continues = continues;
    // Of the whole answer, so that every reader counts alike.
    this.bodyBytes = continues.map(Continues::getBodyBytes).orElse(0L);
    this.events = continues.map(Continues::getEvents).orElse(0L);
  }

  /** True once nothing more is published: there is no use in going on. */
  public synchronized boolean isBroken() {
    return broken;
  }

  /** Publishes a piece of the answer. The data's array may be used again afterwards. */
  public void publish(Optional<ResponseHead> head, ByteBuffer data, int count) {
    send(head, data, count, null);
  }

  /**
   * Publishes the end of the attempt, with the last piece if there is one.
   *
   * @param end made from the totals that this piece leads to
   */
  public void publishEnd(Optional<ResponseHead> head, ByteBuffer data, int count, EndOf end) {
    ResponseEnd record = end.of(bodyBytes + data.remaining(), events + count);
    synchronized (this) {
      endSent = true;
    }
    send(head, data, count, record);
  }

  /**
   * Makes an END from the bytes of body and the events that were published of the answer, those
   * that this attempt went on from included.
   */
  public interface EndOf {
    ResponseEnd of(long bodyBytes, long events);
  }

  /** Publishes an END and nothing with it. */
  public void publishEnd(EndOf end) {
    publishEnd(Optional.empty(), NO_DATA, 0, end);
  }

  /**
   * Waits until the END is acknowledged.
   *
   * @return where the chunks lie; empty if one of them could not be written
   */
  public Optional<Span> awaitEnd() {
    return ended.join();
  }

  /** Waits for the claim before the first chunk; false if nothing may be published any more. */
  private boolean mayPublish() {
    if (claimed) {
      return claim.holds();
    }
    claimed = claim.await();
    return claimed;
  }

  private void send(Optional<ResponseHead> head, ByteBuffer data, int count, ResponseEnd end) {
    if (!mayPublish()) {
      silence();
      return;
    }
    synchronized (this) {
      if (broken) {
        return;
      }
      unacked++;
    }
    ResponseChunk chunk =
        new ResponseChunk(
            requestId,
            attempt.getId(),
            attempt.getNumber(),
            head.orElse(null),
            data,
            events,
            count,
            end,
            List.of(),
            false,
            continues.orElse(null));
    continues = Optional.empty();
    bodyBytes += data.remaining();
    events += count;
    listener.chunk(data.remaining());
    try {
      // The callback hears of it.
      var unused =
          producer.send(
              new ProducerRecord<>(reply.getTopic(), reply.getPartition(), null, chunk), acks);
    } catch (RuntimeException failure) {
      // A closed producer, an interrupted wait for room, a serializer's own trouble.
      acked(null, failure);
    }
  }

  private synchronized void acked(RecordMetadata metadata, Exception failure) {
    unacked--;
    if (failure != null) {
      breakOff(failure);
    } else {
      firstOffset = Math.min(firstOffset, metadata.offset());
      lastOffset = Math.max(lastOffset, metadata.offset());
      if (endSent && unacked == 0) {
        ended.complete(broken ? Optional.empty() : Optional.of(new Span(firstOffset, lastOffset)));
      }
    }
  }

  /** Others may have taken over: not a word more. */
  private synchronized void silence() {
    broken = true;
    ended.complete(Optional.empty());
  }

  private void breakOff(Exception failure) {
    if (!broken) {
      broken = true;
      listener.broken();
      LOG.error(
          "answer cannot be written request_id={} attempt_id={} topic={} partition={}: {}; nothing"
              + " more of this attempt is published",
          requestId,
          attempt.getId(),
          reply.getTopic(),
          reply.getPartition(),
          failure.toString());
    }
    ended.complete(Optional.empty());
  }
}
