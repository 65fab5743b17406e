package io.weir.controller.tenants;

import io.weir.controller.fleet.FleetWriteException;
import io.weir.controller.fleet.TopicWriter;
import io.weir.controller.fleet.VersionedTable;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Tenant;
import io.weir.schemas.TenantKey;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tenants and their keys as they stand in {@code weir.tenants} and {@code weir.tenant-keys},
 * and every change to them. What is written is absolute: where two controllers write at once, the
 * later one stands. A change is done once it was read back.
 */
public final class TenantTopics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TenantTopics.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Clock clock;
  private final ApiKeys random = new ApiKeys();
  private final VersionedTable<Tenant> tenants = new VersionedTable<>();
  private final VersionedTable<TenantKey> keys = new VersionedTable<>();
  private final TopicWriter writer;
  private final TopicFollower follower;

  private TenantTopics(KafkaSettings kafka, String member, Clock clock) {
    this.clock = clock;
    this.writer = new TopicWriter(kafka, member + "-tenants");
    this.follower =
        TopicFollower.start(
            kafka,
            member + "-tenant-topics",
            List.of(Topics.tenants(), Topics.tenantKeys()),
            Start.BEGINNING,
            this::read);
  }

  /**
   * Begins to follow; returns at once. The topics have to exist.
   *
   * @param member names the Kafka clients
   * @param clock tells when something was changed
   */
  public static TenantTopics open(KafkaSettings kafka, String member, Clock clock) {
    return new TenantTopics(kafka, member, clock);
  }

  private void read(ConsumerRecord<String, SpecificRecord> record) {
    if (record.topic().equals(Topics.tenants())) {
      tenants.apply(record.key(), Optional.ofNullable((Tenant) record.value()), record.offset());
    } else {
      keys.apply(record.key(), Optional.ofNullable((TenantKey) record.value()), record.offset());
    }
  }

  /** True once the topics were read to where they ended at the beginning. */
  public boolean isCaughtUp() {
    return follower.isCaughtUp();
  }

  /** All tenants, by name. */
  public Map<String, Tenant> tenants() {
    return tenants.values();
  }

  /** One of them. */
  public Optional<Tenant> tenant(String name) {
    return tenants.value(name);
  }

  /** All keys, by id, with those that were revoked. */
  public Map<String, TenantKey> keys() {
    return keys.values();
  }

  /** A tenant's keys, the oldest first. */
  public List<TenantKey> keysOf(String tenant) {
    return keys.values().values().stream()
        .filter(key -> key.getTenant().equals(tenant))
        .sorted((a, b) -> a.getCreatedAt().compareTo(b.getCreatedAt()))
        .toList();
  }

  /**
   * Makes a tenant what this says, whether or not there was one of its name.
   *
   * @throws FleetWriteException if Kafka did not take it
   */
  public Tenant put(Tenant tenant) throws FleetWriteException, InterruptedException {
    Tenant now = Tenant.newBuilder(tenant).setChangedAt(clock.instant()).build();
    await(
        tenants,
        writer.write(Topics.tenants(), Map.of(tenant.getName(), Optional.of(now))),
        Topics.tenants());
    LOG.info("tenant={} changed", tenant.getName());
    return now;
  }

  /**
   * Removes a tenant, after all its keys were revoked.
   *
   * @throws FleetWriteException if Kafka did not take all of it; trying again completes it
   */
  public void remove(String name) throws FleetWriteException, InterruptedException {
    Map<String, Optional<TenantKey>> revoked = new LinkedHashMap<>();
    for (TenantKey key : keysOf(name)) {
      if (key.getRevokedAt().isEmpty()) {
        revoked.put(key.getId(), Optional.of(revoked(key)));
      }
    }
    await(keys, writer.write(Topics.tenantKeys(), revoked), Topics.tenantKeys());
    await(
        tenants,
        writer.write(Topics.tenants(), Map.of(name, Optional.<Tenant>empty())),
        Topics.tenants());
    LOG.info("tenant={} removed keys_revoked={}", name, revoked.size());
  }

  /**
   * A key that was made.
   *
   * @param key which nobody can find out again
   * @param record what is kept of it
   */
  public record Made(String key, TenantKey record) {}

  /**
   * Makes a key.
   *
   * @param note for people
   * @throws FleetWriteException if Kafka did not take it
   */
  public Made createKey(String tenant, String note)
      throws FleetWriteException, InterruptedException {
    String key = random.key();
    TenantKey made =
        TenantKey.newBuilder()
            .setId(random.id())
            .setTenant(tenant)
            .setSha256(ApiKeys.digest(key))
            .setNote(note)
            .setCreatedAt(clock.instant())
            .build();
    write(made);
    LOG.info("tenant={} key_id={} created", tenant, made.getId());
    return new Made(key, made);
  }

  /**
   * Ends a key for good; one that was revoked stays as it is.
   *
   * @return empty if there is none of this id
   * @throws FleetWriteException if Kafka did not take it
   */
  public Optional<TenantKey> revoke(String id) throws FleetWriteException, InterruptedException {
    Optional<TenantKey> key = keys.value(id);
    if (key.isPresent() && key.get().getRevokedAt().isEmpty()) {
      TenantKey now = revoked(key.get());
      write(now);
      LOG.info("tenant={} key_id={} revoked", now.getTenant(), id);
      return Optional.of(now);
    }
    return key;
  }

  private TenantKey revoked(TenantKey key) {
    return TenantKey.newBuilder(key).setRevokedAt(clock.instant()).build();
  }

  private void write(TenantKey key) throws FleetWriteException, InterruptedException {
    await(
        keys,
        writer.write(Topics.tenantKeys(), Map.of(key.getId(), Optional.of(key))),
        Topics.tenantKeys());
  }

  private static void await(VersionedTable<?> table, Map<String, Long> written, String topic)
      throws FleetWriteException, InterruptedException {
    if (!table.await(written.values(), PATIENCE)) {
      throw new FleetWriteException("What was written to %s cannot be read back.".formatted(topic));
    }
  }

  @Override
  public void close() {
    follower.close();
    writer.close();
  }
}
