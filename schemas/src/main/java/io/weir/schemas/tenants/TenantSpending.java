package io.weir.schemas.tenants;

import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TenantSpend;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Follows what tenants used up. Look-ups take no lock. */
public final class TenantSpending implements AutoCloseable {
  private final SpendTable table = new SpendTable(TenantDirectory.MOST_TENANTS);
  private final TopicFollower follower;

  private TenantSpending(KafkaSettings kafka, String name) {
    this.follower =
        TopicFollower.start(
            kafka,
            name + "-spending",
            List.of(Topics.tenantSpend()),
            Start.BEGINNING,
            record -> {
              if (record.value() != null) {
                table.apply((TenantSpend) record.value());
              }
            });
  }

  /**
   * Begins to follow; returns at once. The topic has to exist.
   *
   * @param name of the Kafka client and its thread
   */
  public static TenantSpending follow(KafkaSettings kafka, String name) {
    return new TenantSpending(kafka, name);
  }

  /**
   * What a tenant used up in a period of the calendar; of periods before the last one, nothing is
   * known.
   */
  public Spent spent(String tenant, BudgetPeriod period, Instant begins) {
    return table.spent(tenant, period, begins);
  }

  /** When the newest part of a tenant's sums was written, ms since 1970; 0 if there is none. */
  public long asOfMillis(String tenant) {
    return table.asOfMillis(tenant);
  }

  /** True once everything that stood in the topic when following began is known. */
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
