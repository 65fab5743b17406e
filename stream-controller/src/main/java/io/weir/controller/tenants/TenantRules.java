package io.weir.controller.tenants;

import io.weir.routing.limit.BudgetCalendar;
import io.weir.schemas.Tenant;
import io.weir.schemas.TenantBudget;
import io.weir.schemas.tenants.Spent;
import io.weir.schemas.tenants.TenantSpending;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** What a tenant's batches may do. */
public interface TenantRules {
  /** Everybody may do everything. */
  TenantRules NONE =
      new TenantRules() {
        @Override
        public boolean allowsModel(String tenant, String model) {
          return true;
        }

        @Override
        public boolean hasBudget(String tenant) {
          return true;
        }
      };

  /** True if a tenant may ask for a model, by the name that clients use. */
  boolean allowsModel(String tenant, String model);

  /** False while a budget of a tenant is used up, with what it has running. */
  boolean hasBudget(String tenant);

  /** What operators said, and what was spent. */
  static TenantRules of(
      Function<String, Optional<Tenant>> tenants, TenantSpending spending, Clock clock) {
    return new TenantRules() {
      @Override
      public boolean allowsModel(String tenant, String model) {
        return tenants
            .apply(tenant)
            .filter(known -> !known.getModels().isEmpty() && !known.getModels().contains(model))
            .isEmpty();
      }

      @Override
      public boolean hasBudget(String tenant) {
        Instant now = clock.instant();
        return tenants
            .apply(tenant)
            .filter(
                known -> known.getBudgets().stream().anyMatch(each -> usedUp(tenant, each, now)))
            .isEmpty();
      }

      private boolean usedUp(String tenant, TenantBudget budget, Instant now) {
        Instant begins = BudgetCalendar.begin(budget.getPeriod(), now);
        Spent spent = spending.spent(tenant, budget.getPeriod(), begins);
        return budget.getTokens().filter(limit -> spent.tokensWithOpen() >= limit).isPresent()
            || budget.getCost().filter(limit -> spent.costWithOpen() >= limit).isPresent();
      }
    };
  }
}
