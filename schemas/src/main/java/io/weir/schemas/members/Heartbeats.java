package io.weir.schemas.members;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Member;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.TenantUse;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at a steady beat that an instance is alive, and says goodbye when it closes. Each heartbeat
 * that Kafka takes renews the {@link Lease}.
 */
public final class Heartbeats implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final Identity identity;
  private final Producer<String, Member> producer;
  private final Supplier<List<PoolLoad>> loads;
  private final Supplier<List<TenantUse>> uses;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final Lease lease;
  private final Instant startedAt;
  private final ScheduledExecutorService timer;
  private final Object order = new Object();
  private volatile long epoch;
  // Guarded by order.
  private long beat;
  private boolean left;
  // A warning is worth one line, however long the trouble lasts.
  private volatile boolean failing;

  Heartbeats(
      Identity identity,
      LeaseTerms terms,
      Producer<String, Member> producer,
      Supplier<List<PoolLoad>> loads,
      Supplier<List<TenantUse>> uses,
      Clock clock,
      LongSupplier nanoClock) {
    this.identity = identity;
    this.producer = producer;
    this.loads = loads;
    this.uses = uses;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.lease = new Lease(terms.lease(), nanoClock);
    this.startedAt = clock.instant();
    this.epoch = startedAt.toEpochMilli();
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weir-heartbeat-" + identity.id()).daemon(true).factory());
  }

  /** Starts to beat; returns at once. The topic of members has to exist. */
  public static Heartbeats start(
      Identity identity, KafkaSettings kafka, Supplier<List<PoolLoad>> loads) {
    return start(identity, LeaseTerms.STANDARD, kafka, loads);
  }

  /**
   * Starts to beat; returns at once. The topic of members has to exist.
   *
   * @param terms the same for all members
   * @param loads what the instance holds now, asked for at every beat; must not block
   */
  public static Heartbeats start(
      Identity identity, LeaseTerms terms, KafkaSettings kafka, Supplier<List<PoolLoad>> loads) {
    return start(identity, terms, kafka, loads, System::nanoTime);
  }

  /**
   * Starts to beat; returns at once. The topic of members has to exist.
   *
   * @param loads what the instance holds now, asked for at every beat; must not block
   * @param uses what it admitted of tenants with limits, asked for at every beat; must not block
   */
  public static Heartbeats start(
      Identity identity,
      KafkaSettings kafka,
      Supplier<List<PoolLoad>> loads,
      Supplier<List<TenantUse>> uses) {
    return start(identity, LeaseTerms.STANDARD, kafka, loads, uses, System::nanoTime);
  }

  /**
   * Starts to beat, with a monotonic clock of the caller's for the lease.
   *
   * @param terms the same for all members
   * @param loads what the instance holds now, asked for at every beat; must not block
   * @param nanoClock monotonic, in nanoseconds
   */
  public static Heartbeats start(
      Identity identity,
      LeaseTerms terms,
      KafkaSettings kafka,
      Supplier<List<PoolLoad>> loads,
      LongSupplier nanoClock) {
    return start(identity, terms, kafka, loads, List::of, nanoClock);
  }

  private static Heartbeats start(
      Identity identity,
      LeaseTerms terms,
      KafkaSettings kafka,
      Supplier<List<PoolLoad>> loads,
      Supplier<List<TenantUse>> uses,
      LongSupplier nanoClock) {
    Heartbeats heartbeats =
        new Heartbeats(
            identity,
            terms,
            new KafkaProducer<>(kafka.producer(settings(identity, terms))),
            loads,
            uses,
            Clock.systemUTC(),
            nanoClock);
    var unused =
        heartbeats.timer.scheduleWithFixedDelay(
            heartbeats::beat, 0, terms.beat().toMillis(), TimeUnit.MILLISECONDS);
    return heartbeats;
  }

  private static Map<String, Object> settings(Identity identity, LeaseTerms terms) {
    return Map.of(
        ProducerConfig.CLIENT_ID_CONFIG,
        identity.id() + "-heartbeats",
        ProducerConfig.ACKS_CONFIG,
        "all",
        // A heartbeat that fails is not worth repeating: the next one is fresher.
        ProducerConfig.RETRIES_CONFIG,
        "0",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        "false",
        ProducerConfig.LINGER_MS_CONFIG,
        "0",
        // A connection that hangs is given up while there is lease left for another.
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        Long.toString(terms.lease().dividedBy(3).toMillis()),
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        Long.toString(terms.lease().toMillis()),
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        Long.toString(terms.beat().toMillis()),
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        Integer.toString(1 << 20));
  }

  /** Who beats. */
  public Identity identity() {
    return identity;
  }

  /** The epoch of this start, or of the last {@link #renewEpoch}. */
  public long epoch() {
    return epoch;
  }

  /**
   * Begins a higher epoch, for an instance that has given up all it had claimed. The lease ends,
   * and is held again once a heartbeat of the new epoch is acknowledged.
   *
   * @return the new epoch
   */
  public long renewEpoch() {
    synchronized (order) {
      epoch = Math.max(epoch + 1, clock.millis());
      beat = 0;
      lease.end();
      return epoch;
    }
  }

  /** How long this instance may take itself for alive. */
  public Lease lease() {
    return lease;
  }

  void beat() {
    synchronized (order) {
      if (!left) {
        send(current(loads), current(uses), /* leaving= */ false);
      }
    }
  }

  private <T> List<T> current(Supplier<List<T>> told) {
    try {
      return told.get();
    } catch (RuntimeException fault) {
      // Being alive does not depend on knowing the load.
      LOG.error("load of member={} cannot be told", identity.id(), fault);
      return List.of();
    }
  }

  private void send(List<PoolLoad> load, List<TenantUse> use, boolean leaving) {
    Member member =
        Member.newBuilder()
            .setId(identity.id())
            .setRole(identity.role())
            .setSource(identity.source().orElse(null))
            .setEpoch(epoch)
            .setBeat(beat++)
            .setAt(clock.instant())
            .setStartedAt(startedAt)
            .setAddress(identity.address())
            .setLeaving(leaving)
            .setPools(load)
            .setUses(use)
            .build();
    long round = lease.round();
    long sent = nanoClock.getAsLong();
    try {
      // The callback hears of it.
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.members(), identity.id(), member),
              (metadata, failure) -> {
                if (failure == null) {
                  lease.renew(round, sent);
                  recovered();
                } else {
                  failed(failure);
                }
              });
    } catch (RuntimeException failure) {
      failed(failure);
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.info("heartbeats of member={} are taken again", identity.id());
    }
  }

  private void failed(Exception failure) {
    if (!failing) {
      failing = true;
      LOG.warn("heartbeats of member={} are not taken: {}", identity.id(), failure.toString());
    }
  }

  /** Stops beating and tells the others that this instance is gone. */
  @Override
  public void close() {
    timer.shutdownNow();
    synchronized (order) {
      if (left) {
        return;
      }
      left = true;
      send(List.of(), List.of(), /* leaving= */ true);
    }
    producer.close(FAREWELL);
  }
}
