package io.weir.dispatcher;

import io.weir.schemas.Attempt;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LanePosition;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Requeue;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
 * Reads all lanes of a source, those of requests to be run again among them, with one consumer on
 * one thread. It pauses those whose ready queue has no room, and all of them while nothing may be
 * taken.
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
  private final Requeues requeues;
  private final Supplier<Optional<Tenure>> admission;
  private final String source;
  private final DispatcherMetrics metrics;
  private final Assignment assignment;
  private final LanePositions positions;
  private final Map<TopicPartition, Long> unreadableUntil = new HashMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private long lastCommit = System.nanoTime();
  private volatile boolean stopping;
  private volatile boolean joined;
  private volatile int paused;

  // Used by the thread alone.
  private Optional<Tenure> tenure = Optional.empty();
  private final Map<PoolDesk, BatchTurns> batches = new HashMap<>();
  private boolean batchesMoved;
  private List<TopicPartition> pausedLanes = List.of();

  /**
   * What is in a lane.
   *
   * @param requestClass of its requests; empty if they are to be run again
   */
  private record Lane(PoolDesk desk, Optional<RequestClass> requestClass) {
    boolean isBatch() {
      return requestClass.filter(RequestClass.BATCH::equals).isPresent();
    }
  }

  /**
   * Reads nothing yet.
   *
   * @param admission under which requests may be taken now, if they may
   */
  Lanes(
      Consumer<String, LaneRecord> consumer,
      LaneConfig config,
      String source,
      List<PoolDesk> desks,
      Attempts attempts,
      Requeues requeues,
      Supplier<Optional<Tenure>> admission,
      DispatcherMetrics metrics) {
    this.consumer = consumer;
    this.config = config;
    this.desks = desks;
    this.attempts = attempts;
    this.requeues = requeues;
    this.admission = admission;
    this.source = source;
    this.metrics = metrics;
    this.assignment = new Assignment(consumer, this::dropUnclaimed);
    this.positions = new LanePositions(consumer);
    for (PoolDesk desk : desks) {
      batches.put(desk, new BatchTurns());
      for (RequestClass requestClass : RequestClass.values()) {
        lanes.put(
            Topics.requests(source, desk.pool(), requestClass),
            new Lane(desk, Optional.of(requestClass)));
      }
      lanes.put(Topics.requeues(source, desk.pool()), new Lane(desk, Optional.empty()));
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

  /** How far the lanes of a pool are read that this dispatcher reads; anyone may ask. */
  Map<RequestClass, List<LanePosition>> positions(PoolDesk desk) {
    Map<RequestClass, List<LanePosition>> of = new EnumMap<>(RequestClass.class);
    for (TopicPartition partition : assignment.lanes()) {
      Lane lane = lanes.get(partition.topic());
      PartitionClaims claims = assignment.claims(partition);
      if (lane.desk() == desk && lane.requestClass().isPresent() && claims != null) {
        positions
            .of(partition, claims.next())
            .ifPresent(
                at ->
                    of.computeIfAbsent(lane.requestClass().get(), any -> new ArrayList<>())
                        .add(at));
      }
    }
    return of;
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
    changeTenure();
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
    if (positions.look(assignment.lanes(), pausedLanes) || batchesMoved) {
      batchesMoved = false;
      batches.forEach((desk, turns) -> review(desk, turns, now));
    }
    if (now - lastCommit >= config.commitInterval().toNanos()) {
      lastCommit = now;
      assignment.commit();
    }
  }

  /** Sees which partitions of a pool's batch lane are to be read next. */
  private void review(PoolDesk desk, BatchTurns turns, long now) {
    Set<TopicPartition> all = new HashSet<>();
    Set<TopicPartition> behind = new HashSet<>();
    for (TopicPartition partition : assignment.lanes()) {
      Lane lane = lanes.get(partition.topic());
      PartitionClaims claims = assignment.claims(partition);
      if (lane.desk() != desk || !lane.isBatch() || claims == null) {
        continue;
      }
      all.add(partition);
      positions
          .of(partition, claims.next())
          .filter(at -> at.getEnd() > at.getPosition())
          .ifPresent(at -> behind.add(partition));
    }
    turns.review(all, behind, now);
  }

  /** What was taken under a tenure that is over is void: it is read again under the next one. */
  private void changeTenure() {
    Optional<Tenure> now = admission.get();
    if (tenure.equals(now)) {
      return;
    }
    if (tenure.isPresent()) {
      assignment.rewind();
      int dropped = 0;
      for (PoolDesk desk : desks) {
        dropped += desk.removeIf(held -> !held.tenure().holds()).size();
      }
      LOG.info("requests left to others count={}", dropped);
    }
    if (now.isPresent()) {
      assignment.readable();
    }
    tenure = now;
  }

  private void take(TopicPartition lane, List<ConsumerRecord<String, LaneRecord>> records) {
    if (tenure.filter(Tenure::holds).isEmpty()) {
      // A lane that came in this very poll was not paused yet.
      consumer.seek(lane, records.getFirst().offset());
      return;
    }
    Tenure held = tenure.get();
    PartitionClaims claims = assignment.claims(lane);
    PoolDesk desk = lanes.get(lane.topic()).desk();
    for (ConsumerRecord<String, LaneRecord> record : records) {
      switch (read(record)) {
        case LaneRecord.Request(InferenceRequest read) -> {
          InferenceRequest request = withFullPatience(read, assignment.since(lane));
          claims.taken(record.offset());
          if (request.getRequestClass() == RequestClass.BATCH) {
            batches.get(desk).taken(lane, desk.roughCost(request), System.nanoTime());
            batchesMoved = true;
          }
          attempts.arrived(
              desk,
              new Held(
                  request,
                  new Attempt(AttemptIds.next(), 1),
                  lane,
                  new RecordPointer(lane.topic(), lane.partition(), record.offset()),
                  ClaimState.of(held, claims, record.offset()),
                  desk.wanted(request),
                  Set.of(),
                  Optional.empty()));
        }
        case LaneRecord.Again(Requeue requeue) -> {
          ClaimState claim = ClaimState.of(held, claims, record.offset());
          if (!requeues.take(new Requeued(requeue, source, desk, lane, claim))) {
            consumer.seek(lane, record.offset());
            return;
          }
          claims.taken(record.offset());
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

  /**
   * A request that came while nobody could read its lane, since a dispatcher had died or none had
   * started, did not wait because there was too much to do: it may be begun for as long from then
   * on as it might have been from its arrival.
   */
  static InferenceRequest withFullPatience(InferenceRequest request, Instant readableSince) {
    if (request.getStartBy().isEmpty() || !request.getEnqueuedAt().isBefore(readableSince)) {
      return request;
    }
    Duration patience = Duration.between(request.getEnqueuedAt(), request.getStartBy().get());
    Instant startBy = readableSince.plus(patience);
    return InferenceRequest.newBuilder(request)
        .setStartBy(startBy.isBefore(request.getExpiresAt()) ? startBy : request.getExpiresAt())
        .build();
  }

  private static LaneRecord read(ConsumerRecord<String, LaneRecord> record) {
    // A record without a value never comes to the deserializer.
    return record.value() == null ? new LaneRecord.Poison("it has no value") : record.value();
  }

  private void pauseAndResume() {
    Set<TopicPartition> closed = closed();
    pausedLanes = List.copyOf(closed);
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

  /** The lanes that are not to be read now. */
  private Set<TopicPartition> closed() {
    if (tenure.isEmpty() || assignment.pending() >= config.unclaimed()) {
      return new HashSet<>(assignment.lanes());
    }
    long now = System.nanoTime();
    unreadableUntil.values().removeIf(until -> now - until >= 0);
    Set<TopicPartition> closed = new HashSet<>();
    for (PoolDesk desk : desks) {
      Set<RequestClass> room = desk.room();
      boolean roomForRequeues = requeues.room() && desk.roomForRequeues();
      Set<TopicPartition> held = batches.get(desk).held();
      if (room.size() == CLASSES
          && roomForRequeues
          && unreadableUntil.isEmpty()
          && held.isEmpty()) {
        continue;
      }
      for (TopicPartition partition : assignment.lanes()) {
        Lane lane = lanes.get(partition.topic());
        boolean open = lane.requestClass().map(room::contains).orElse(roomForRequeues);
        open &= !held.contains(partition) && !unreadableUntil.containsKey(partition);
        if (lane.desk() == desk && !open) {
          closed.add(partition);
        }
      }
    }
    return closed;
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
