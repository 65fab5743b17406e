package io.weir.routing.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import io.weir.routing.retry.RetryPolicy.Cause;
import io.weir.routing.retry.RetryPolicy.Decision;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
  private static final Duration PLENTY = Duration.ofMinutes(5);
  private final RetryPolicy policy = Configs.defaults(RetryPolicy.class);
  private final RetryBudget budget = new RetryBudget(policy, 0);

  private Decision decide(String reason, int retry, Duration soonest, Duration left) {
    return policy.decide(reason, retry, soonest, left, 0.5, budget, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "engine_unreachable",
        "engine_overloaded",
        "engine_error",
        "engine_bad_answer",
        "engine_timeout",
        "engine_died"
      })
  void whatAnEngineDidWrongIsTriedAgain(String reason) {
    assertThat(decide(reason, 1, Duration.ZERO, PLENTY))
        .isEqualTo(new Decision.Again(Duration.ofNanos(12_500_000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "engine_rejected",
        "deadline_exceeded",
        "cancelled",
        "interrupted",
        "dispatcher_stopped",
        "dispatcher_error",
        "a_word_nobody_knows"
      })
  void theRestIsNot(String reason) {
    assertThat(decide(reason, 1, Duration.ZERO, PLENTY))
        .isEqualTo(new Decision.GiveUp(Cause.NOT_RETRYABLE));
    assertThat(Retryability.blamesEngine(reason)).isFalse();
  }

  @Test
  void notMoreOftenThanAllowed() {
    assertThat(decide("engine_died", 2, Duration.ZERO, PLENTY)).isInstanceOf(Decision.Again.class);
    assertThat(decide("engine_died", 3, Duration.ZERO, PLENTY))
        .isEqualTo(new Decision.GiveUp(Cause.EXHAUSTED));
  }

  @Test
  void notWhenTheTimeWouldBeOver() {
    Duration short1 = Duration.ofMillis(900);
    assertThat(decide("engine_died", 1, Duration.ofSeconds(1), short1))
        .isEqualTo(new Decision.GiveUp(Cause.NO_TIME));
    assertThat(decide("engine_died", 1, Duration.ofSeconds(6), PLENTY))
        .isEqualTo(new Decision.GiveUp(Cause.NO_TIME));
    assertThat(decide("engine_died", 1, Duration.ofSeconds(4), PLENTY))
        .isInstanceOf(Decision.Again.class);
    assertThat(decide("engine_died", 1, Duration.ZERO, Duration.ZERO))
        .isEqualTo(new Decision.GiveUp(Cause.NO_TIME));
  }

  @Test
  void notBeyondTheBudget() {
    while (budget.withdraw(0)) {
      assertThat(budget.balance(0)).isNotNegative();
    }
    assertThat(decide("engine_died", 1, Duration.ZERO, PLENTY))
        .isEqualTo(new Decision.GiveUp(Cause.NO_BUDGET));
  }

  @Test
  void whatGivesUpCostsNothing() {
    double before = budget.balance(0);
    decide("engine_rejected", 1, Duration.ZERO, PLENTY);
    decide("engine_died", 9, Duration.ZERO, PLENTY);
    assertThat(budget.balance(0)).isEqualTo(before);
    decide("engine_died", 1, Duration.ZERO, PLENTY);
    assertThat(budget.balance(0)).isEqualTo(before - 1);
  }

  @Test
  void theBackoffDoublesUpToItsCapAndHasFullJitter() {
    assertThat(policy.backoff(1, 1)).isEqualTo(Duration.ofMillis(25));
    assertThat(policy.backoff(3, 1)).isEqualTo(Duration.ofMillis(100));
    assertThat(policy.backoff(30, 1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.backoff(3, 0)).isEqualTo(Duration.ZERO);
    assertThat(policy.backoff(3, 0.25)).isEqualTo(Duration.ofMillis(25));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"max=-1", "budget=1.5", "floor=-1", "base=2s", "longest-pause=-1s", "cap=1ms"})
  void badValuesAreNamed(String setting) {
    String[] parts = setting.split("=", -1);
    assertThatThrownBy(() -> Configs.with(RetryPolicy.class, Map.of(parts[0], parts[1])))
        .isInstanceOf(ConfigException.class);
  }
}
