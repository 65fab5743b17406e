package io.weir.controller.fleet;

import io.weir.routing.fleet.FleetRecords;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.GeoLink;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet as it stands in {@code weir.engines} and {@code weir.geography}, and every change to
 * it. The topics are the truth: a controller writes the difference to what they say, reads its
 * writes back, and where another controller wrote in between, applies its intent to what that one
 * wrote.
 */
public final class FleetTopics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetTopics.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Clock clock;
  private final Runnable listener;
  private final VersionedTable<EngineSpec> engines = new VersionedTable<>();
  private final VersionedTable<GeoLink> links = new VersionedTable<>();
  private final TopicWriter writer;
  private final EngineChanges engineChanges;
  private final TopicFollower follower;
  private final ReentrantLock writing = new ReentrantLock();

  private FleetTopics(KafkaSettings kafka, String member, Clock clock, Runnable listener) {
    this.clock = clock;
    this.listener = listener;
    this.writer = new TopicWriter(kafka, member + "-fleet");
    this.engineChanges = new EngineChanges(engines, writer);
    this.follower =
        TopicFollower.start(
            kafka,
            member + "-fleet",
            List.of(Topics.engines(), Topics.geography()),
            Start.BEGINNING,
            new Reader());
  }

  /**
   * Begins to follow the fleet; returns at once. The topics have to exist.
   *
   * @param member names the Kafka clients
   * @param clock tells when engines join
   * @param listener hears that an engine may have changed, on the follower's thread
   */
  public static FleetTopics open(
      KafkaSettings kafka, String member, Clock clock, Runnable listener) {
    return new FleetTopics(kafka, member, clock, listener);
  }

  /** True once the topics were read to where they ended at the beginning. */
  public boolean isCaughtUp() {
    return follower.isCaughtUp();
  }

  /** Waits for that; false if it is not so in time. */
  public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
    return follower.awaitCaughtUp(patience);
  }

  /** The engines that stand in the topic, by id. */
  public Map<String, EngineSpec> engines() {
    return engines.values();
  }

  /** One of them. */
  public Optional<EngineSpec> engine(String id) {
    return engines.value(id);
  }

  /** The ways that stand in the topic, by key: configured and measured. */
  public Map<String, GeoLink> links() {
    return links.values();
  }

  /**
   * Makes the topics say what a configuration file says: writes what differs, removes what the file
   * no longer has, and leaves what was drained or added at run time.
   *
   * @return how many records had to be written
   * @throws FleetWriteException if Kafka did not take a change; trying again completes it
   */
  public int publish(List<EngineSpec> configured, List<GeoLink> ways)
      throws FleetWriteException, InterruptedException {
    writing.lockInterruptibly();
    try {
      Map<String, EngineSpec> before = engines.values();
      Optional<Instant> joined = before.isEmpty() ? Optional.empty() : Optional.of(clock.instant());
      Map<String, EngineIntent> intents = new LinkedHashMap<>();
      before.keySet().forEach(id -> intents.put(id, EngineIntent.vanished()));
      configured.forEach(spec -> intents.put(spec.getId(), EngineIntent.configured(spec, joined)));
      int written = engineChanges.carryOut(intents) + publishLinks(ways) + forgetMeasured();
      LOG.info(
          "fleet published engines={} links={} records_written={}",
          configured.size(),
          ways.size(),
          written);
      return written;
    } finally {
      writing.unlock();
    }
  }

  /** Gives an engine no new work; empty if there is none of this id. */
  public Optional<EngineSpec> drain(String id) throws FleetWriteException, InterruptedException {
    return change(id, EngineIntent.drained());
  }

  /** Gives an engine work again; empty if there is none of this id. */
  public Optional<EngineSpec> undrain(String id) throws FleetWriteException, InterruptedException {
    return change(id, EngineIntent.undrained(clock.instant()));
  }

  /** Adds an engine that no configuration file has, or changes one that was added so. */
  public Optional<EngineSpec> add(EngineSpec spec)
      throws FleetWriteException, InterruptedException {
    return change(spec.getId(), EngineIntent.added(spec, clock.instant()));
  }

  /** Removes an engine; nothing happens if there is none of this id. */
  public void remove(String id) throws FleetWriteException, InterruptedException {
    writing.lockInterruptibly();
    try {
      var unused = change(id, EngineIntent.removed());
      forgetMeasured();
    } finally {
      writing.unlock();
    }
  }

  private Optional<EngineSpec> change(String id, EngineIntent intent)
      throws FleetWriteException, InterruptedException {
    writing.lockInterruptibly();
    try {
      int written = engineChanges.carryOut(Map.of(id, intent));
      Optional<EngineSpec> now = engines.value(id);
      LOG.info(
          "engine={} {} draining={}",
          id,
          written > 0 ? "changed" : "stands as it is",
          now.map(EngineSpec::getDraining).orElse(false));
      return now;
    } finally {
      writing.unlock();
    }
  }

  /** Configured ways only: what dispatchers measured is theirs. */
  private int publishLinks(List<GeoLink> ways) throws FleetWriteException, InterruptedException {
    Map<String, GeoLink> before = links.values();
    Map<String, Optional<GeoLink>> changes = new LinkedHashMap<>();
    before.forEach(
        (key, link) -> {
          if (!link.getMeasured()) {
            changes.put(key, Optional.empty());
          }
        });
    for (GeoLink way : ways) {
      String key = FleetRecords.key(way);
      if (Optional.ofNullable(before.get(key)).filter(link -> same(link, way)).isPresent()) {
        changes.remove(key);
      } else {
        changes.put(key, Optional.of(way));
      }
    }
    return writeLinks(changes);
  }

  /** What was measured to engines that are no more. */
  private int forgetMeasured() throws FleetWriteException, InterruptedException {
    Set<String> there = engines.values().keySet();
    Map<String, Optional<GeoLink>> changes = new LinkedHashMap<>();
    links
        .values()
        .forEach(
            (key, link) -> {
              if (link.getMeasured() && !there.contains(link.getTo())) {
                changes.put(key, Optional.empty());
              }
            });
    return writeLinks(changes);
  }

  private int writeLinks(Map<String, Optional<GeoLink>> changes)
      throws FleetWriteException, InterruptedException {
    Map<String, Long> offsets = writer.write(Topics.geography(), changes);
    if (!links.await(offsets.values(), PATIENCE)) {
      throw new FleetWriteException("What was written to weir.geography cannot be read back.");
    }
    return offsets.size();
  }

  private static boolean same(GeoLink a, GeoLink b) {
    return GeoLink.newBuilder(a).setAt(b.getAt()).build().equals(b);
  }

  @Override
  public void close() {
    follower.close();
    writer.close();
  }

  private final class Reader implements TopicFollower.Listener {
    private boolean caughtUp;

    @Override
    public void record(ConsumerRecord<String, SpecificRecord> record) {
      if (record.topic().equals(Topics.engines())) {
        engines.apply(
            record.key(), Optional.ofNullable((EngineSpec) record.value()), record.offset());
        if (caughtUp) {
          listener.run();
        }
      } else {
        links.apply(record.key(), Optional.ofNullable((GeoLink) record.value()), record.offset());
      }
    }

    @Override
    public void caughtUp() {
      caughtUp = true;
      listener.run();
    }
  }
}
