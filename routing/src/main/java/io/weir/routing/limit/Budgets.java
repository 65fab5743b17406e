package io.weir.routing.limit;

import io.weir.schemas.Tenant;
import io.weir.schemas.TenantBudget;
import io.weir.schemas.tenants.Spent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One tenant's budgets at one instance. What is used up is what the controllers' sums say, with
 * what was accepted and has not ended, and what this and other instances admitted since. A request
 * is let in while anything is left, so a budget is passed by what the requests that were running
 * when it was used up turn out to be larger than they were estimated, and by what the instances
 * admit within one heartbeat of each other. While no controller runs, what was admitted counts as
 * it was estimated, or as its answer said. Not safe for use by several threads.
 */
final class Budgets {
  /** The controllers' sums are written every second, by clocks of their own. */
  private static final long SUMS_LATE_MILLIS = 5_000;

  /** Nobody is told to come back in a month: budgets are raised, too. */
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);

  private final RecentUse recent = new RecentUse();
  private final Spending spending;
  private final Clock clock;

  Budgets(Spending spending, Clock clock) {
    this.spending = spending;
    this.clock = clock;
  }

  /**
   * A budget that is used up.
   *
   * @param numbers that say so
   * @param retryAfter until its period ends, at most an hour
   */
  record UsedUp(Map<String, Double> numbers, Duration retryAfter) {}

  Optional<UsedUp> usedUp(Tenant tenant) {
    if (tenant.getBudgets().isEmpty()) {
      return Optional.empty();
    }
    forget(tenant);
    Instant now = clock.instant();
    for (TenantBudget budget : tenant.getBudgets()) {
      Instant begin = BudgetCalendar.begin(budget.getPeriod(), now);
      Spent spent = spending.spent(tenant.getName(), budget.getPeriod(), begin);
      double tokens = spent.tokensWithOpen() + recent.tokens();
      double cost = spent.costWithOpen() + recent.cost();
      if (budget.getTokens().filter(limit -> tokens >= limit).isPresent()
          || budget.getCost().filter(limit -> cost >= limit).isPresent()) {
        return Optional.of(
            new UsedUp(numbers(budget, tokens, cost), retryAfter(budget, begin, now)));
      }
    }
    return Optional.empty();
  }

  private static Map<String, Double> numbers(TenantBudget budget, double tokens, double cost) {
    Map<String, Double> numbers = new HashMap<>();
    budget
        .getTokens()
        .ifPresent(
            limit -> {
              numbers.put("tokens_used", tokens);
              numbers.put("tokens_limit", (double) limit);
            });
    budget
        .getCost()
        .ifPresent(
            limit -> {
              numbers.put("cost_used", cost);
              numbers.put("cost_limit", limit);
            });
    return numbers;
  }

  private static Duration retryAfter(TenantBudget budget, Instant begin, Instant now) {
    Duration left = Duration.between(now, BudgetCalendar.end(budget.getPeriod(), begin));
    return left.compareTo(LONGEST_RETRY) < 0 ? left : LONGEST_RETRY;
  }

  /** Somebody has admitted so much, or less than was thought. */
  void add(Tenant tenant, double tokens, double cost) {
    if (!tenant.getBudgets().isEmpty()) {
      forget(tenant);
      recent.add(tokens, cost, clock.millis());
    }
  }

  private void forget(Tenant tenant) {
    recent.forgetBefore(spending.asOfMillis(tenant.getName()) - SUMS_LATE_MILLIS);
  }

  /** True if nothing is known here that the controllers' sums may lack. */
  boolean isIdle(Tenant tenant) {
    forget(tenant);
    return recent.isEmpty();
  }
}
