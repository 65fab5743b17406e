package io.weir.dispatcher;

import io.weir.schemas.Attempt;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all lanes of a source with one consumer on one thread, pausing those whose ready queue has
 * no room.
 */
final class Lanes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

  /** How soon a paused lane is looked at again. */
  private static final Duration SHORT_POLL = Duration.ofMillis(10);

  /** While nothing is paused only records matter, and they end a poll. */
  private static final Duration LONG_POLL = Duration.ofMillis(100);

  private static final int CLASSES = RequestClass.values().length;
  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private final Consumer<String, LaneRecord> consumer;
  private final LaneConfig config;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final List<PoolDesk> desks;
  private final Attempts attempts;
  private final DispatcherMetrics metrics;
  private final Assignment assignment;
  private final Map<TopicPartition, Long> unreadableUntil = new HashMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private long lastCommit = System.nanoTime();
  private volatile boolean stopping;
  private volatile boolean joined;
  private volatile int paused;

  private record Lane(PoolDesk desk, RequestClass requestClass) {}

  Lanes(
      Consumer<String, LaneRecord> consumer,
      LaneConfig config,
      String source,
      List<PoolDesk> desks,
      Attempts attempts,
      DispatcherMetrics metrics) {
    this.consumer = consumer;
    this.config = config;
    this.desks = desks;
    this.attempts = attempts;
    this.metrics = metrics;
    this.assignment = new Assignment(consumer, this::dropUnclaimed);
    for (PoolDesk desk : desks) {
      for (RequestClass requestClass : RequestClass.values()) {
        lanes.put(Topics.requests(source, desk.pool(), requestClass), new Lane(desk, requestClass));
      }
    }
    metrics.watchPausedLanes(() -> paused);
    this.thread = Thread.ofPlatform().name("weir-lanes-" + source).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** True once the group has told this dispatcher which partitions are its own. */
  boolean joined() {
    return joined;
  }

  /** True while the thread reads. */
  boolean running() {
    return thread.isAlive();
  }

  private void run() {
    try {
      consumer.subscribe(lanes.keySet(), assignment);
      while (!stopping) {
        turn();
      }
    } catch (RuntimeException fault) {
      LOG.error("lanes can no longer be read; the dispatcher has to be restarted", fault);
    } finally {
      // Revokes every partition: waits for claims and commits them.
      consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
      joined = false;
      stopped.countDown();
    }
  }

  private void turn() {
    pauseAndResume();
    ConsumerRecords<String, LaneRecord> records;
    try {
      records = consumer.poll(paused > 0 ? SHORT_POLL : LONG_POLL);
    } catch (KafkaException trouble) {
      if (stopping || !(trouble instanceof RetriableException)) {
        throw trouble;
      }
      LOG.warn("lanes cannot be read now: {}", trouble.toString());
      return;
    }
    joined = joined || consumer.groupMetadata().generationId() > 0;
    for (TopicPartition lane : records.partitions()) {
      take(lane, records.records(lane));
    }
    long now = System.nanoTime();
    if (now - lastCommit >= config.commitInterval().toNanos()) {
      lastCommit = now;
      assignment.commit();
    }
  }

  private void take(TopicPartition lane, List<ConsumerRecord<String, LaneRecord>> records) {
    PartitionClaims claims = assignment.claims(lane);
    PoolDesk desk = lanes.get(lane.topic()).desk();
    for (ConsumerRecord<String, LaneRecord> record : records) {
      switch (read(record)) {
        case LaneRecord.Request(InferenceRequest request) -> {
          claims.taken(record.offset());
          attempts.arrived(
              desk,
              new Held(
                  request,
                  new Attempt(AttemptIds.next(), 1),
                  lane,
                  record.offset(),
                  new ClaimState(claims, record.offset()),
                  desk.wanted(request)));
        }
        case LaneRecord.Poison(String problem) -> {
          LOG.error("record skipped lane={} offset={}: {}", lane, record.offset(), problem);
          metrics.poisonRecord();
          claims.taken(record.offset());
          claims.settled(record.offset());
        }
        case LaneRecord.Unreadable(String problem) -> {
          LOG.warn(
              "record cannot be read now lane={} offset={}: {}", lane, record.offset(), problem);
          unreadableUntil.put(lane, System.nanoTime() + RETRY_NANOS);
          consumer.seek(lane, record.offset());
          return;
        }
      }
    }
  }

  private static LaneRecord read(ConsumerRecord<String, LaneRecord> record) {
    // A record without a value never comes to the deserializer.
    return record.value() == null ? new LaneRecord.Poison("it has no value") : record.value();
  }

  private void pauseAndResume() {
    boolean claimsPileUp = assignment.pending() >= config.unclaimed();
    long now = System.nanoTime();
    unreadableUntil.values().removeIf(until -> now - until >= 0);
    Set<TopicPartition> closed = new HashSet<>();
    for (PoolDesk desk : desks) {
      Set<RequestClass> room = desk.room();
      if (claimsPileUp || room.size() < CLASSES || !unreadableUntil.isEmpty()) {
        for (TopicPartition partition : assignment.lanes()) {
          Lane lane = lanes.get(partition.topic());
          if (lane.desk() == desk
              && (claimsPileUp
                  || unreadableUntil.containsKey(partition)
                  || !room.contains(lane.requestClass()))) {
            closed.add(partition);
          }
        }
      }
    }
    Set<TopicPartition> pausedNow = consumer.paused();
    paused = closed.size();
    if (closed.equals(pausedNow)) {
      return;
    }
    Set<TopicPartition> toResume = new HashSet<>(pausedNow);
    toResume.removeAll(closed);
    closed.removeAll(pausedNow);
    if (!closed.isEmpty()) {
      consumer.pause(closed);
    }
    if (!toResume.isEmpty()) {
      consumer.resume(toResume);
    }
  }

  private void dropUnclaimed(Set<TopicPartition> gone) {
    for (PoolDesk desk : desks) {
      List<Held> dropped =
          desk.removeIf(held -> gone.contains(held.lane()) && !held.claim().acked());
      if (!dropped.isEmpty()) {
        LOG.info("unclaimed requests left to others pool={} count={}", desk.pool(), dropped.size());
      }
    }
  }

  /** Stops reading, commits what is claimed and leaves the group. */
  @Override
  public void close() {
    // Without waking the consumer up: that could as well hit its last commit.
    stopping = true;
    try {
      if (thread.isAlive() && !stopped.await(6, TimeUnit.SECONDS)) {
        LOG.warn("lanes did not stop in time");
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
