package io.weir.dispatcher;

import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.Topics;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lifecycle events, and claims and last words again until Kafka has them. If too many cannot
 * be written, the tenure they were made under ends.
 *
 * <p>Answers wait for their claims, so claims go out at once. Nobody waits for a last word: those
 * gather for a moment, which makes a few large writes of many small ones. Its claim was
 * acknowledged before, so it stands after it all the same.
 */
final class LifecycleLog {
  private static final Logger LOG = LoggerFactory.getLogger(LifecycleLog.class);

  /** Claims are bounded by what may be unclaimed; terminals only come here after long outages. */
  private static final int MOST_FAILED = 100_000;

  private final Producer<String, ? super LifecycleEvent> atOnce;
  private final Producer<String, ? super LifecycleEvent> gathered;
  private final DispatcherMetrics metrics;
  private final Queue<Runnable> failed = new LinkedBlockingQueue<>(MOST_FAILED);

  /**
   * Writes nothing yet.
   *
   * @param atOnce writes without delay
   * @param gathered may let events wait for others
   */
  LifecycleLog(
      Producer<String, ? super LifecycleEvent> atOnce,
      Producer<String, ? super LifecycleEvent> gathered,
      DispatcherMetrics metrics) {
    this.atOnce = atOnce;
    this.gathered = gathered;
    this.metrics = metrics;
  }

  /** Writes an event that makes a claim; the claim is settled when Kafka has it. */
  void claim(LifecycleEvent event, ClaimState state) {
    long made = System.nanoTime();
    send(
        atOnce,
        event,
        (metadata, failure) -> {
          if (failure == null) {
            metrics.claimed(System.nanoTime() - made);
            state.ack();
          } else {
            failed(event, failure, state.tenure(), () -> claimAgain(event, state));
          }
        });
  }

  /** Writes an event that a request's end does not depend on. */
  void note(LifecycleEvent event) {
    send(
        atOnce,
        event,
        (metadata, failure) -> {
          if (failure != null) {
            metrics.lifecycleFailed();
            LOG.warn("event lost {}: {}", describe(event), failure.toString());
          }
        });
  }

  /** Writes an attempt's last word, unless the tenure is over: then it is others' to write. */
  void end(LifecycleEvent event, Tenure tenure) {
    if (!tenure.holds()) {
      return;
    }
    send(
        gathered,
        event,
        (metadata, failure) -> {
          if (failure != null) {
            failed(event, failure, tenure, () -> end(event, tenure));
          }
        });
  }

  /**
   * Writes again what could not be written, but no claims of partitions that were taken away, and
   * nothing of a tenure that is over.
   */
  void writeFailedAgain() {
    int count = failed.size();
    for (int i = 0; i < count; i++) {
      Runnable again = failed.poll();
      if (again != null) {
        again.run();
      }
    }
  }

  private void claimAgain(LifecycleEvent event, ClaimState state) {
    if (state.wanted()) {
      claim(event, state);
    }
  }

  private void failed(LifecycleEvent event, Exception failure, Tenure tenure, Runnable again) {
    metrics.lifecycleFailed();
    boolean kept = tenure.holds() && failed.offer(again);
    if (kept) {
      LOG.warn("event not written {}: {}; it is tried again", describe(event), failure.toString());
      return;
    }
    // A claim that nobody works on is found by the epoch it was made under.
    tenure.end();
    LOG.warn("event not written {}: {}; it is left to others", describe(event), failure.toString());
  }

  private static String describe(LifecycleEvent event) {
    return "request_id=" + event.getRequestId() + " type=" + event.getType();
  }

  private static void send(
      Producer<String, ? super LifecycleEvent> producer, LifecycleEvent event, Callback callback) {
    try {
      // The callback hears of it.
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.lifecycle(), event.getRequestId(), event), callback);
    } catch (RuntimeException failure) {
      // A closed producer, an interrupted wait for room, a serializer's own trouble.
      callback.onCompletion(null, failure);
    }
  }
}
