package io.weir.routing.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000;
  private static final long START = -5 * SECOND;

  private static RetryBudget budget(String part, String floor) {
    return new RetryBudget(
        Configs.with(RetryPolicy.class, Map.of("budget", part, "floor", floor)), START);
  }

  private static int spend(RetryBudget budget, long now) {
    int spent = 0;
    while (budget.withdraw(now)) {
      spent++;
    }
    return spent;
  }

  @Test
  void retriesAreAPartOfRecentRequests() {
    RetryBudget budget = budget("0.2", "0");
    assertThat(budget.withdraw(START)).isFalse();
    for (int i = 0; i < 100; i++) {
      budget.deposit(START + i * SECOND / 100);
    }
    assertThat(spend(budget, START + SECOND)).isEqualTo(20);
  }

  @Test
  void thereIsAFloorForQuietTimes() {
    assertThat(spend(budget("0.2", "1"), START)).isEqualTo(10);
  }

  @Test
  void whatIsLongAgoIsForgotten() {
    RetryBudget budget = budget("0.2", "0");
    for (int i = 0; i < 100; i++) {
      budget.deposit(START);
    }
    assertThat(spend(budget, START + 9 * SECOND)).isEqualTo(20);
    assertThat(budget.balance(START + 10 * SECOND)).isEqualTo(-20);
    assertThat(budget.balance(START + 19 * SECOND)).isZero();
    budget.deposit(START + 1000 * SECOND);
    assertThat(budget.balance(START + 1000 * SECOND)).isEqualTo(0.2);
  }

  @Test
  void overLongTimesRetriesStayWithinTheirPart() {
    // Given requests at a steady rate, every one of which wants a retry
    RetryBudget budget = budget("0.2", "0");
    int granted = 0;
    int requests = 0;
    for (long now = START; now < START + 100 * SECOND; now += SECOND / 20) {
      budget.deposit(now);
      requests++;
      granted += budget.withdraw(now) ? 1 : 0;
    }
    assertThat(granted).isBetween((int) (0.17 * requests), (int) (0.2 * requests));
  }
}
