package io.weir.dispatcher;

import io.weir.dispatcher.Originals.Reading;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.Requeue;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the originals of requests that are to be run again, and hands them over as if they had
 * just come from their lanes. A few threads, each with a reader of its own.
 */
final class Requeues implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Requeues.class);
  private static final int READERS = 2;
  private static final int MOST_WAITING = 256;
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration REST = Duration.ofSeconds(1);

  private final BlockingQueue<Requeued> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Supplier<Reader> readers;
  private final Attempts attempts;
  private final Clock clock;
  private final DispatcherMetrics metrics;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  private Requeues(
      Supplier<Reader> readers, Attempts attempts, Clock clock, DispatcherMetrics metrics) {
    this.readers = readers;
    this.attempts = attempts;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** What one thread reads with, and closes. */
  record Reader(Originals originals, ReplyTexts texts) implements AutoCloseable {
    @Override
    public void close() {
      originals.close();
      texts.close();
    }
  }

  /** What becomes of a requeue, for the metrics. */
  enum Outcome {
    FETCHED,
    LOST,
    EXPIRED
  }

  /**
   * Starts the threads.
   *
   * @param name of the threads
   * @param readers makes a reader for each thread
   */
  static Requeues start(
      String name,
      Supplier<Reader> readers,
      Attempts attempts,
      Clock clock,
      DispatcherMetrics metrics) {
    Requeues requeues = new Requeues(readers, attempts, clock, metrics);
    for (int i = 0; i < READERS; i++) {
      requeues.threads.add(
          Thread.ofPlatform().name("weir-requeues-" + name + "-" + i).start(requeues::run));
    }
    return requeues;
  }

  /** Takes one; false if too many wait for their originals already. */
  boolean take(Requeued requeued) {
    return waiting.offer(requeued);
  }

  /** True while there is room for a good part of a poll. */
  boolean room() {
    return waiting.size() <= MOST_WAITING / 2;
  }

  private void run() {
    try (Reader reader = readers.get()) {
      while (stopping.getCount() > 0) {
        Requeued next = waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (next != null) {
          fetch(reader, next);
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void fetch(Reader reader, Requeued requeued) throws InterruptedException {
    try {
      // Until it is done, or is no longer this dispatcher's: then whoever reads the lane has it.
      while (requeued.claim().wanted() && !handedOver(reader, requeued)) {
        if (stopping.await(REST.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (RuntimeException fault) {
      LOG.error("requeue failed request_id={}", requeued.requeue().getRequestId(), fault);
    }
  }

  private boolean handedOver(Reader reader, Requeued requeued) {
    Requeue requeue = requeued.requeue();
    return switch (reader.originals().read(requeue.getPointer(), requeue.getRequestId())) {
      case Reading.Found(InferenceRequest request) -> {
        metrics.requeue(Outcome.FETCHED);
        attempts.arrived(
            requeued.desk(),
            requeued.with(
                request,
                requeue
                    .getContinues()
                    .flatMap(
                        from -> reader.texts().read(request.getId(), request.getReply(), from))));
        yield true;
      }
      case Reading.Lost(String problem) -> {
        LOG.error(
            "original of a requeue is lost request_id={} lane={} partition={} offset={}: {}",
            requeue.getRequestId(),
            requeue.getPointer().getTopic(),
            requeue.getPointer().getPartition(),
            requeue.getPointer().getOffset(),
            problem);
        metrics.requeue(Outcome.LOST);
        end(requeued, Outcome.LOST);
        yield true;
      }
      case Reading.Later(String problem) -> {
        if (requeue.getExpiresAt().toEpochMilli() <= clock.millis()) {
          metrics.requeue(Outcome.EXPIRED);
          end(requeued, Outcome.EXPIRED);
          yield true;
        }
        LOG.warn(
            "original of a requeue cannot be read now request_id={}: {}",
            requeue.getRequestId(),
            problem);
        yield false;
      }
    };
  }

  private void end(Requeued requeued, Outcome outcome) {
    requeued
        .withoutOriginal()
        .ifPresentOrElse(
            held -> {
              if (outcome == Outcome.LOST) {
                attempts.lost(held);
              } else {
                attempts.expiredUnclaimed(held);
              }
            },
            // Whoever watches over expiries ends it.
            requeued.claim()::ack);
  }

  /** Stops; what waits is left in its lane. */
  @Override
  public void close() {
    stopping.countDown();
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        if (!thread.join(Duration.ofSeconds(3))) {
          LOG.warn("reader of requeued requests did not stop in time");
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
