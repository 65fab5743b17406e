package io.weir.routing.limit;

import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.tenants.Spent;
import io.weir.schemas.tenants.TenantSpending;
import java.time.Instant;

/** What tenants used up, as the controllers tell it. */
public interface Spending {
  /** Of one period of the calendar. */
  Spent spent(String tenant, BudgetPeriod period, Instant begins);

  /** Until when all that was admitted is in it, but for a few seconds; ms since 1970. */
  long asOfMillis(String tenant);

  /** As the topic says. */
  static Spending of(TenantSpending topic) {
    return new Spending() {
      @Override
      public Spent spent(String tenant, BudgetPeriod period, Instant begins) {
        return topic.spent(tenant, period, begins);
      }

      @Override
      public long asOfMillis(String tenant) {
        return topic.asOfMillis(tenant);
      }
    };
  }
}
