package io.weir.schemas.tenants;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Tenant;
import io.weir.schemas.TenantKey;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Follows who the tenants are and which keys they have. Look-ups take no lock; a change holds as
 * soon as its record was read, a poll after it was written.
 */
public final class TenantDirectory implements AutoCloseable {
  /** More tenants than these are not taken up. */
  public static final int MOST_TENANTS = 10_000;

  /** More keys than these, with those that were revoked, are not taken up. */
  public static final int MOST_KEYS = 100_000;

  private final TenantTable table = new TenantTable(MOST_TENANTS, MOST_KEYS);
  private final TopicFollower follower;

  private TenantDirectory(KafkaSettings kafka, String name) {
    this.follower =
        TopicFollower.start(
            kafka,
            name + "-tenants",
            List.of(Topics.tenants(), Topics.tenantKeys()),
            Start.BEGINNING,
            this::apply);
  }

  /**
   * Begins to follow; returns at once. The topics have to exist.
   *
   * @param name of the Kafka client and its thread
   */
  public static TenantDirectory follow(KafkaSettings kafka, String name) {
    return new TenantDirectory(kafka, name);
  }

  private void apply(ConsumerRecord<String, SpecificRecord> record) {
    if (record.topic().equals(Topics.tenants())) {
      table.apply(record.key(), Optional.ofNullable((Tenant) record.value()));
    } else {
      table.applyKey(record.key(), Optional.ofNullable((TenantKey) record.value()));
    }
  }

  /** A tenant by its name; empty if nobody has said anything about it. */
  public Optional<Tenant> tenant(String name) {
    return table.tenant(name);
  }

  /** A tenant's weight against others of its class, positive; 1 if it is not known. */
  public double weight(String name) {
    return table.weight(name);
  }

  /**
   * The key with a digest, maybe a revoked one. How long this takes may depend on the digest, which
   * tells nobody anything of use: keys are 256 random bits, and what is looked up is their SHA-256.
   *
   * @param sha256 of the key, in lower-case hexadecimal
   */
  public Optional<TenantKey> key(String sha256) {
    return table.key(sha256);
  }

  /** True if there is any key, even a revoked one: then nobody is served without one. */
  public boolean hasKeys() {
    return table.hasKeys();
  }

  /** True once everything that stood in the topics when following began is known. */
  public boolean isCaughtUp() {
    return follower.isCaughtUp();
  }

  /** Waits for that; false if it is not so in time. */
  public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
    return follower.awaitCaughtUp(patience);
  }

  @Override
  public void close() {
    follower.close();
  }
}
