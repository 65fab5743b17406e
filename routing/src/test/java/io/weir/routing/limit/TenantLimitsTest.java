package io.weir.routing.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.Member;
import io.weir.schemas.Role;
import io.weir.schemas.Tenant;
import io.weir.schemas.TenantBudget;
import io.weir.schemas.TenantUse;
import io.weir.schemas.TrustedRecords;
import io.weir.schemas.members.Members;
import io.weir.schemas.members.Members.LiveMember;
import io.weir.schemas.tenants.Spent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TenantLimitsTest {
  private static final Instant START = Instant.parse("2026-03-10T12:00:00Z");

  static {
    TrustedRecords.install();
  }

  private long nanos;
  private Tenant acme = tenant().setRequestsPerMinute(120).build();
  private Spent spent = Spent.NOTHING;
  private long asOf;
  private final TenantLimits first = limits("first");
  private final TenantLimits second = limits("second");

  @Test
  void requestsBeyondTheBurstAreRefusedUntilTheRateAllowsThem() {
    // Given
    int taken = takeAll(first);

    // When
    LimitVerdict.Refused refused = (LimitVerdict.Refused) first.take(acme, 1, 0);

    // Then
    assertThat(taken).isEqualTo(20);
    assertThat(refused.reason()).isEqualTo(LimitReason.REQUESTS_PER_MINUTE);
    assertThat(refused.retryAfter()).contains(Duration.ofMillis(500));
    assertThat(refused.requests()).contains(new RateStanding(120, 0, 10_000_000_000L));
    pass(Duration.ofMillis(500));
    assertThat(takeAll(first)).isEqualTo(1);
  }

  @Test
  void instancesThatHeardOfEachOtherShareOneLimit() {
    // Given
    exchange(0);

    // When
    int atOnce = takeAll(first) + takeAll(second);
    int later = 0;
    for (int beat = 1; beat <= 120; beat++) {
      pass(Duration.ofMillis(500));
      exchange(beat);
      later += takeAll(first) + takeAll(second);
    }

    // Then
    assertThat(atOnce).isEqualTo(20);
    assertThat(later).as("a minute's").isBetween(118, 124);
  }

  @Test
  void whoeverJoinsLearnsWhatIsUsedUp() {
    // Given
    takeAll(first);
    List<TenantUse> said = first.beat();

    // When
    second.hear(members(0, said, List.of()));

    // Then
    assertThat(takeAll(second)).isZero();
  }

  @Test
  void whatTheDeadHeldIsFreeAgain() {
    // Given
    exchange(0);
    takeAll(second);
    exchange(1);
    exchange(2);

    // When
    pass(Duration.ofSeconds(10));
    first.hear(new Members(0, List.of()));
    first.beat();

    // Then
    assertThat(takeAll(first)).isEqualTo(20);
  }

  @Test
  void tokensAreCorrectedOnceTheyAreKnown() {
    // Given
    acme = tenant().setTokensPerMinute(6_000L).build();
    LimitVerdict.Taken taken = (LimitVerdict.Taken) first.take(acme, 1_000, 0);

    // When
    taken.charge().correct(200, 0);
    taken.charge().refund();

    // Then
    assertThat(first.take(acme, 800, 0)).isInstanceOf(LimitVerdict.Taken.class);
    LimitVerdict.Refused refused = (LimitVerdict.Refused) first.take(acme, 500, 0);
    assertThat(refused.reason()).isEqualTo(LimitReason.TOKENS_PER_MINUTE);
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(5));
  }

  @Test
  void whatIsRefundedWasNeverThere() {
    // Given
    LimitVerdict.Taken taken = (LimitVerdict.Taken) first.take(acme, 1_000, 0);

    // When
    taken.charge().refund();

    // Then
    assertThat(takeAll(first)).isEqualTo(20);
  }

  @Test
  void aRequestOfMoreThanAMinutesTokensIsTooLarge() {
    // Given
    acme = tenant().setTokensPerMinute(6_000L).build();

    // When
    LimitVerdict.Refused refused = (LimitVerdict.Refused) first.take(acme, 6_001, 0);

    // Then
    assertThat(refused.reason()).isEqualTo(LimitReason.REQUEST_TOO_LARGE);
    assertThat(refused.retryAfter()).isEmpty();
  }

  @Test
  void aBudgetIsUsedUpByWhatEndedIsOpenAndWasAdmittedSince() {
    // Given
    acme = budget(1_000L, null);
    spent = new Spent(1, 300, 200, 0, 200, 0);
    asOf = START.toEpochMilli();

    // When
    LimitVerdict before = first.take(acme, 300, 0);
    LimitVerdict.Refused after = (LimitVerdict.Refused) first.take(acme, 1, 0);

    // Then
    assertThat(before).isInstanceOf(LimitVerdict.Taken.class);
    assertThat(after.reason()).isEqualTo(LimitReason.BUDGET_EXHAUSTED);
    assertThat(after.numbers()).containsEntry("tokens_used", 1_000.0);
    assertThat(after.retryAfter()).contains(Duration.ofHours(1));
  }

  @Test
  void whatTheSumsContainIsNotCountedTwice() {
    // Given
    acme = budget(1_000L, null);
    first.take(acme, 900, 0);

    // When
    pass(Duration.ofSeconds(10));
    spent = new Spent(1, 400, 500, 0, 0, 0);
    asOf = START.plusSeconds(10).toEpochMilli();

    // Then
    assertThat(first.take(acme, 100, 0)).isInstanceOf(LimitVerdict.Taken.class);
    assertThat(first.take(acme, 1, 0)).isInstanceOf(LimitVerdict.Refused.class);
  }

  @Test
  void whatOtherInstancesAdmittedCountsInBudgets() {
    // Given
    acme = budget(null, 1.0);
    exchange(0);

    // When
    first.take(acme, 10, 0.6);
    second.take(acme, 10, 0.6);
    exchange(1);

    // Then
    assertThat(first.take(acme, 10, 0.6)).isInstanceOf(LimitVerdict.Refused.class);
    assertThat(second.take(acme, 10, 0.6)).isInstanceOf(LimitVerdict.Refused.class);
  }

  @Test
  void aBudgetOfADayEndsWithTheDay() {
    // Given
    acme = budget(1_000L, null);
    spent = new Spent(1, 1_000, 0, 0, 0, 0);

    // When
    pass(Duration.ofHours(11).plusMinutes(30));

    // Then
    LimitVerdict.Refused refused = (LimitVerdict.Refused) first.take(acme, 1, 0);
    assertThat(refused.retryAfter()).contains(Duration.ofMinutes(30));
  }

  /** Both say what they admitted, and hear the other. */
  private void exchange(int beat) {
    List<TenantUse> ofFirst = first.beat();
    List<TenantUse> ofSecond = second.beat();
    first.hear(members(beat, ofFirst, ofSecond));
    second.hear(members(beat, ofSecond, ofFirst, "second", "first"));
  }

  private int takeAll(TenantLimits limits) {
    int taken = 0;
    while (limits.take(acme, 1, 0) instanceof LimitVerdict.Taken) {
      taken++;
    }
    return taken;
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private TenantLimits limits(String name) {
    return new TenantLimits(
        name,
        Duration.ofMillis(500),
        any -> Optional.of(acme),
        new Spending() {
          @Override
          public Spent spent(String tenant, BudgetPeriod period, Instant begins) {
            return begins.equals(Instant.parse("2026-03-10T00:00:00Z")) ? spent : Spent.NOTHING;
          }

          @Override
          public long asOfMillis(String tenant) {
            return asOf;
          }
        },
        () -> nanos,
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return START.plusNanos(nanos);
          }
        });
  }

  private static Members members(int beat, List<TenantUse> own, List<TenantUse> other) {
    return members(beat, own, other, "first", "second");
  }

  private static Members members(
      int beat, List<TenantUse> own, List<TenantUse> other, String self, String peer) {
    return new Members(0, List.of(member(self, beat, own), member(peer, beat, other)));
  }

  private static LiveMember member(String id, int beat, List<TenantUse> uses) {
    return new LiveMember(
        Member.newBuilder()
            .setId(id)
            .setRole(Role.INGRESS)
            .setEpoch(1)
            .setBeat(beat)
            .setAt(START)
            .setStartedAt(START)
            .setAddress("")
            .setLeaving(false)
            .setUses(uses)
            .build(),
        0);
  }

  private static Tenant.Builder tenant() {
    return Tenant.newBuilder().setName("acme").setChangedAt(START);
  }

  private static Tenant budget(Long tokens, Double cost) {
    return tenant()
        .setBudgets(
            List.of(
                TenantBudget.newBuilder()
                    .setPeriod(BudgetPeriod.DAY)
                    .setTokens(tokens)
                    .setCost(cost)
                    .build()))
        .build();
  }
}
