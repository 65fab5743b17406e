package io.weir.controller.requests;

import io.weir.controller.requests.RecoveryBatch.Rules;
import io.weir.routing.request.RecoveryVerdict;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RequestState;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers requests that are pointed out to it, beside the threads that read the lifecycle. It
 * decides with all of the lifecycle that stood in the log when it began, and acts on one request
 * once at a time.
 */
final class Recoverer implements Candidates.Taker, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recoverer.class);
  private static final int THREADS = 2;
  private static final int BATCHES = 32;
  private static final Duration READING = Duration.ofSeconds(15);
  private static final Duration CATCHING_UP = Duration.ofSeconds(3);
  private static final long STEP_MILLIS = 5;

  private final KafkaSettings kafka;
  private final String instance;
  private final Rules rules;
  private final RecoveryRecords records;
  private final BiConsumer<RequestState, RecoveryVerdict> listener;
  private final RecoveryLog log;
  private final BlockingQueue<Candidates> batches = new ArrayBlockingQueue<>(BATCHES);
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  /** Requests for which something was written that the states do not have yet. */
  private final Map<String, Written> written = new ConcurrentHashMap<>();

  private final List<Thread> threads = new ArrayList<>();
  private volatile Optional<RequestStreams> states = Optional.empty();
  private volatile boolean closed;

  private record Written(int partition, long offset) {}

  /**
   * @param instance in whose name it writes
   * @param listener hears of everything that was decided
   */
  Recoverer(
      KafkaSettings kafka,
      String instance,
      Rules rules,
      Clock clock,
      BiConsumer<RequestState, RecoveryVerdict> listener) {
    this.kafka = kafka;
    this.instance = instance;
    this.rules = rules;
    this.listener = listener;
    this.records = new RecoveryRecords(instance, clock);
    this.log = new RecoveryLog(kafka, instance + "-recovery");
  }

  /** Begins, with the states that the pointed out requests are looked up in. */
  void start(RequestStreams streams) {
    states = Optional.of(streams);
    for (int i = 0; i < THREADS; i++) {
      String name = "weir-recovery-" + instance + "-" + i;
      threads.add(Thread.ofPlatform().daemon().name(name).start(() -> serve(name)));
    }
  }

  @Override
  public void offer(Candidates candidates) {
    if (states.isEmpty() || !rules.mayAct().getAsBoolean()) {
      return;
    }
    forgetRead(states.get());
    List<String> fresh = new ArrayList<>();
    for (String id : candidates.ids()) {
      if (!written.containsKey(id) && underWay.add(id)) {
        fresh.add(id);
      }
    }
    if (!fresh.isEmpty() && !batches.offer(new Candidates(candidates.partition(), fresh))) {
      fresh.forEach(underWay::remove);
    }
  }

  /** What was written has been read, or is somebody else's to read. */
  private void forgetRead(RequestStreams streams) {
    written
        .values()
        .removeIf(
            each -> {
              OptionalLong passed = streams.passed(each.partition());
              return passed.isEmpty() || passed.getAsLong() > each.offset();
            });
  }

  private void serve(String name) {
    try (LogReader replies = new LogReader(kafka, name, READING)) {
      while (!closed) {
        Candidates batch = batches.take();
        try {
          recover(batch, replies);
        } catch (KafkaException trouble) {
          if (trouble instanceof InterruptException) {
            throw trouble;
          }
          // They are pointed out again.
          LOG.warn(
              "recovery_put_off partition={} requests={} cause={}",
              batch.partition(),
              batch.ids().size(),
              trouble.toString());
        } catch (RuntimeException fault) {
          LOG.error(
              "recovery_failed partition={} requests={}",
              batch.partition(),
              batch.ids().size(),
              fault);
        } finally {
          batch.ids().forEach(underWay::remove);
        }
      }
    } catch (InterruptedException | InterruptException stop) {
      LOG.debug("recovery stops", stop);
    }
  }

  private void recover(Candidates batch, LogReader replies) throws InterruptedException {
    RequestStreams streams = states.orElseThrow();
    long end = replies.end(new TopicPartition(Topics.lifecycle(), batch.partition()));
    if (!awaitPassed(streams, batch.partition(), end)) {
      LOG.info(
          "recovery_waits partition={} requests={}; its events are still being read",
          batch.partition(),
          batch.ids().size());
      return;
    }
    List<RequestState> found = new ArrayList<>();
    for (String id : new HashSet<>(batch.ids())) {
      streams
          .read(id, batch.partition())
          .filter(state -> state.getRequest().isPresent())
          .ifPresent(found::add);
    }
    RecoveryBatch recovery =
        new RecoveryBatch(
            rules, records, log, replies, (of, verdict) -> listener.accept(of.state(), verdict));
    recovery
        .run(found)
        .forEach((id, offset) -> written.put(id, new Written(batch.partition(), offset)));
  }

  private boolean awaitPassed(RequestStreams streams, int partition, long end)
      throws InterruptedException {
    long deadline = System.nanoTime() + CATCHING_UP.toNanos();
    while (streams.passed(partition).orElse(-1) < end) {
      if (System.nanoTime() - deadline > 0 || !rules.mayAct().getAsBoolean()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    log.close();
  }
}
