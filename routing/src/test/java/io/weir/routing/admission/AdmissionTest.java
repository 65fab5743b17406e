package io.weir.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.config.Configs;
import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long FOR_EVER = Long.MAX_VALUE / 4;

  private static final class Queues implements PoolLoad {
    final Map<RequestClass, Double> tokens = new EnumMap<>(RequestClass.class);
    double drain = 1000;
    long measured;

    Queues holding(RequestClass requestClass, double queued) {
      tokens.put(requestClass, queued);
      return this;
    }

    @Override
    public double queuedTokens(RequestClass requestClass) {
      return tokens.getOrDefault(requestClass, 0.0);
    }

    @Override
    public double drainPerSecond() {
      return drain;
    }

    @Override
    public long measuredNanos() {
      return measured;
    }
  }

  private final Queues queues = new Queues();
  private final Admission admission =
      new Admission(
          Configs.defaults(AdmissionPolicy.class),
          Configs.defaults(ClassTargets.class),
          tenant -> 1);

  private Verdict decide(RequestClass requestClass, String tenant, double cost, long now) {
    return admission.decide(requestClass, tenant, cost, FOR_EVER, queues, now);
  }

  private static Verdict.Shed shed(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Shed.class);
    return (Verdict.Shed) verdict;
  }

  @Test
  void eachClassIsAdmittedUpToItsPartOfItsTimeToFirstToken() {
    // Given 1,700 ms of standard, which while flex waits has 16 of 20 turns, and 5,100 ms of flex
    queues.holding(RequestClass.STANDARD, 1700).holding(RequestClass.FLEX, 3400);

    // Then priority sees nothing, standard more than 0.8 × 2 s, flex more than 0.5 × 10 s
    assertThat(decide(RequestClass.PRIORITY, "t", 10, 0))
        .isEqualTo(new Verdict.Admitted(0, 1000, 0));
    Verdict.Shed standard = shed(decide(RequestClass.STANDARD, "t", 10, 0));
    assertThat(standard.reason()).isEqualTo(ShedReason.QUEUE_DELAY);
    // The request of priority that was just let in is a sign of more to come
    assertThat(standard.waitMillis()).isCloseTo(1700 * 20 / 16.0, within(10.0));
    assertThat(standard.limitMillis()).isEqualTo(1600);
    assertThat(shed(decide(RequestClass.FLEX, "t", 10, 0)).queuedTokens()).isEqualTo(5100);
    assertThat(decide(RequestClass.BATCH, "t", 10, 0)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void aSmallPoolLeavesRoomForItsChance() {
    // Given requests of a tenth of a second each: of 1,400 ms, 14 of them, 374 ms is one deviation
    queues.holding(RequestClass.STANDARD, 1400);

    // Then two and a half of those on top of the wait are more than the 2 s
    Verdict.Shed shed = shed(decide(RequestClass.STANDARD, "t", 100, 0));
    assertThat(shed.reason()).isEqualTo(ShedReason.QUEUE_DELAY);
    double limit = shed.limitMillis();
    assertThat(limit + 2.5 * Math.sqrt(limit * 100)).isCloseTo(2000, within(1e-6));
    queues.holding(RequestClass.STANDARD, limit - 1);
    assertThat(decide(RequestClass.STANDARD, "t", 100, 0)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void theChanceIsThatOfWhatIsLeftToTheClass() {
    // Given requests of a tenth of a second of the pool, of which standard has 16 of 20 turns
    queues.holding(RequestClass.STANDARD, 1400).holding(RequestClass.FLEX, 1);
    double limit = shed(decide(RequestClass.STANDARD, "t", 100, 0)).limitMillis();
    assertThat(limit + 2.5 * Math.sqrt(limit * 125)).isCloseTo(2000, within(1e-6));
  }

  @Test
  void eachThatIsSentAwayIsToldALaterTime() {
    queues.holding(RequestClass.STANDARD, 3000);
    Duration before = Duration.ZERO;
    for (int i = 0; i < 10; i++) {
      Duration retry = shed(decide(RequestClass.STANDARD, "t", 100, 0)).retryAfter();
      assertThat(retry).isGreaterThan(before);
      before = retry;
    }

    // And the places of those before come free with time
    assertThat(shed(decide(RequestClass.STANDARD, "t", 100, 10 * SECOND)).place()).isZero();
  }

  @Test
  void theTimeToComeBackIsBoundedAndTrueToWhatIsServed() {
    // Given more than the limit, and nothing admitted beside
    queues.holding(RequestClass.STANDARD, 2000);
    Verdict.Shed first = shed(decide(RequestClass.STANDARD, "t", 500, 0));
    assertThat(first.retryAfter().toMillis())
        .isEqualTo(Math.round(first.waitMillis() - first.limitMillis()));
    Verdict.Shed second = shed(decide(RequestClass.STANDARD, "t", 500, 0));
    assertThat(second.retryAfter().minus(first.retryAfter()).toMillis()).isEqualTo(500);
    shed(decide(RequestClass.STANDARD, "t", 1e9, 0));
    assertThat(shed(decide(RequestClass.STANDARD, "t", 1, 0)).retryAfter())
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void anOldDrainRateIsTakenForLess() {
    queues.holding(RequestClass.STANDARD, 1000);
    assertThat(decide(RequestClass.STANDARD, "t", 1, 3 * SECOND).drainPerSecond()).isEqualTo(1000);
    assertThat(decide(RequestClass.STANDARD, "t", 1, 6 * SECOND).drainPerSecond())
        .isCloseTo(500, within(1e-6));
    assertThat(decide(RequestClass.STANDARD, "t", 1, 600 * SECOND).drainPerSecond())
        .isCloseTo(100, within(1e-6));
    assertThat(shed(decide(RequestClass.STANDARD, "t", 1, 600 * SECOND)).reason())
        .isEqualTo(ShedReason.QUEUE_DELAY);
  }

  @Test
  void nothingIsAdmittedWhereNothingServes() {
    queues.drain = 0;
    Verdict.Shed shed = shed(decide(RequestClass.PRIORITY, "t", 1, 0));
    assertThat(shed.reason()).isEqualTo(ShedReason.NO_CAPACITY);
    assertThat(shed.retryAfter()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aWaitPastItsDeadlineIsSaidAtOnce() {
    queues.holding(RequestClass.STANDARD, 500);
    Verdict verdict = admission.decide(RequestClass.STANDARD, "t", 1, SECOND / 2, queues, 0);
    assertThat(shed(verdict).reason()).isEqualTo(ShedReason.DEADLINE);
  }

  @Test
  void aFloodLeavesOthersTheirPartOfAFullClass() {
    // Given one tenant that sends all it can and one that sends little; 1,600 tokens are admitted
    double flood = 0;
    double other = 0;
    for (int i = 0; i < 1000; i++) {
      queues.holding(RequestClass.STANDARD, flood + other);
      if (decide(RequestClass.STANDARD, "flood", 10, 0) instanceof Verdict.Admitted) {
        flood += 10;
      }
      queues.holding(RequestClass.STANDARD, flood + other);
      if (i % 10 == 0
          && decide(RequestClass.STANDARD, "other", 10, 0) instanceof Verdict.Admitted) {
        other += 10;
      }
    }

    // Then
    assertThat(flood).isBetween(1050.0, 1200.0);
    assertThat(other).isBetween(400.0, 550.0);

    // And the flood, which has more than its share, gets nothing more until it is served
    queues.holding(RequestClass.STANDARD, 1250);
    assertThat(shed(decide(RequestClass.STANDARD, "flood", 10, 0)).reason())
        .isEqualTo(ShedReason.TENANT_SHARE);
    assertThat(decide(RequestClass.STANDARD, "other", 10, 0)).isInstanceOf(Verdict.Admitted.class);
    admission.left(RequestClass.STANDARD, "flood", flood);
    queues.holding(RequestClass.STANDARD, 1250);
    assertThat(decide(RequestClass.STANDARD, "flood", 10, 0)).isInstanceOf(Verdict.Admitted.class);
  }
}
