package io.weir.schemas.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.TenantSpend;
import io.weir.schemas.TrustedRecords;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SpendTableTest {
  private static final Instant DAY = Instant.parse("2026-03-10T00:00:00Z");

  static {
    TrustedRecords.install();
  }

  private final SpendTable table = new SpendTable(1);

  @Test
  void partitionsAddUpAndLaterSumsReplaceEarlierOnes() {
    // Given
    table.apply(part("acme", DAY, 0, 10));
    table.apply(part("acme", DAY, 1, 5));

    // When
    table.apply(part("acme", DAY, 0, 12));

    // Then
    assertThat(table.spent("acme", BudgetPeriod.DAY, DAY))
        .isEqualTo(new Spent(2, 34, 17, 1.0, 2, 0.5));
    assertThat(table.asOfMillis("acme")).isEqualTo(DAY.toEpochMilli() + 12);
  }

  @Test
  void onlyTheNewestPeriodsAreKept() {
    // Given
    table.apply(part("acme", DAY.minusSeconds(172_800), 0, 1));
    table.apply(part("acme", DAY.minusSeconds(86_400), 0, 2));

    // When
    table.apply(part("acme", DAY, 0, 3));

    // Then
    assertThat(table.spent("acme", BudgetPeriod.DAY, DAY.minusSeconds(172_800)))
        .isEqualTo(Spent.NOTHING);
    assertThat(table.spent("acme", BudgetPeriod.DAY, DAY.minusSeconds(86_400)).outputTokens())
        .isEqualTo(2);
    assertThat(table.spent("acme", BudgetPeriod.MONTH, DAY)).isEqualTo(Spent.NOTHING);
  }

  @Test
  void thereAreNoMoreTenantsThanItHasRoomFor() {
    // Given
    table.apply(part("acme", DAY, 0, 1));

    // When
    table.apply(part("other", DAY, 0, 1));

    // Then
    assertThat(table.spent("other", BudgetPeriod.DAY, DAY)).isEqualTo(Spent.NOTHING);
  }

  private static TenantSpend part(String tenant, Instant begins, int partition, long tokens) {
    return TenantSpend.newBuilder()
        .setTenant(tenant)
        .setPeriod(BudgetPeriod.DAY)
        .setBeginsAt(begins)
        .setPartition(partition)
        .setRequests(1)
        .setPromptTokens(2 * tokens)
        .setOutputTokens(tokens)
        .setCost(0.5)
        .setOpenTokens(1)
        .setOpenCost(0.25)
        .setAt(begins.plusMillis(tokens))
        .build();
  }
}
