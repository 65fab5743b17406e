package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.routing.order.BrownOut;
import io.weir.routing.order.DropReason;
import io.weir.schemas.Attempt;
import io.weir.schemas.Failure;
import io.weir.schemas.LaneLoad;
import io.weir.schemas.LanePosition;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TenantService;
import io.weir.schemas.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a desk does with what waits, in virtual time. */
class PoolDeskOrderTest {
  private final Desk desk = new Desk(Configs.defaults(DispatcherConfig.class), 1);

  @Test
  void priorityGoesFirst() {
    // Given an engine with one slot, which is taken
    desk.arrive(desk.watched(RequestClass.STANDARD, "t"));
    String batch = desk.arrive(desk.detached(RequestClass.BATCH, "t")).request().getId();
    String standard = desk.arrive(desk.watched(RequestClass.STANDARD, "t")).request().getId();
    String priority = desk.arrive(desk.watched(RequestClass.PRIORITY, "t")).request().getId();

    // When
    for (int i = 0; i < 3; i++) {
      desk.end(i);
    }

    // Then
    assertThat(desk.sent()).endsWith(priority, standard, batch);
  }

  @Test
  void theFloorIsKeptUnderPriorityThatNeverEnds() {
    // Given
    desk.arrive(desk.watched(RequestClass.PRIORITY, "t"));
    for (int i = 0; i < 60; i++) {
      desk.arrive(desk.detached(RequestClass.BATCH, "t"));
    }

    // When
    for (int i = 0; i < 400; i++) {
      desk.arrive(desk.watched(RequestClass.PRIORITY, "t"));
      desk.end(i);
    }

    // Then
    assertThat(count(RequestClass.BATCH)).isBetween(18L, 22L);
  }

  @Test
  void aTenantThatFloodsGetsNoMoreThanTheOther() {
    // Given one that sends ten times as much, before the other
    desk.arrive(desk.detached(RequestClass.STANDARD, "flood"));
    for (int i = 0; i < 100; i++) {
      desk.arrive(desk.detached(RequestClass.STANDARD, "flood"));
    }
    for (int i = 0; i < 10; i++) {
      desk.arrive(desk.detached(RequestClass.STANDARD, "quiet"));
    }

    // When
    for (int i = 0; i < 20; i++) {
      desk.end(i);
    }

    // Then
    Map<String, Integer> served = new HashMap<>();
    desk.runs.forEach(run -> served.merge(run.held().request().getTenant(), 1, Integer::sum));
    assertThat(served.get("quiet")).isEqualTo(10);
  }

  @Test
  void whatItReallyTookIsCharged() {
    // Given two tenants whose requests look alike
    desk.arrive(desk.detached(RequestClass.STANDARD, "long"));
    for (int i = 0; i < 10; i++) {
      desk.arrive(desk.detached(RequestClass.STANDARD, "long"));
      desk.arrive(desk.detached(RequestClass.STANDARD, "short"));
    }

    // When the answers of one are ten times as long
    for (int i = 0; i < 12; i++) {
      Placement.Run run = desk.runs.get(i);
      int output = run.held().request().getTenant().equals("long") ? 400 : 40;
      desk.desk.used(run.held(), run.chargedTokens(), new TokenUsage(100, output, null, false));
      desk.end(i);
    }

    // Then it gets fewer
    assertThat(
            desk.runs.stream()
                .filter(run -> run.held().request().getTenant().equals("short"))
                .count())
        .isGreaterThanOrEqualTo(9);
  }

  @Test
  void whoHasWaitedTooLongIsShedWithTheNumbers() {
    // Given
    desk.arrive(desk.watched(RequestClass.STANDARD, "t"));
    desk.arrive(desk.watched(RequestClass.STANDARD, "t"));

    // When
    desk.pass(Duration.ofMillis(1999));
    assertThat(desk.drops).isEmpty();
    desk.pass(Duration.ofMillis(1));

    // Then
    Dropped why = desk.drops.getFirst().why();
    assertThat(why.reason()).isEqualTo(DropReason.QUEUE_DELAY);
    assertThat(why.terminal()).isEqualTo(LifecycleType.SHED);
    Failure failure = why.failure(1);
    assertThat(failure.getReason()).isEqualTo("queue_delay");
    assertThat(failure.getStatus()).isEqualTo(503);
    assertThat(failure.getRetrySafe()).isTrue();
    assertThat(failure.getWorkStarted()).isFalse();
    assertThat(failure.getRetryAfterMs()).hasValueSatisfying(ms -> assertThat(ms).isPositive());
    assertThat(failure.getNumbers())
        .containsEntry("wait_ms", 2000.0)
        .containsEntry("limit_ms", 2000.0);
    assertThat(desk.desk.waiting()).isZero();
  }

  @Test
  void whatWaitedInItsLaneForTooLongIsNotBegun() {
    // Given a request that nobody read for three seconds, and a free engine
    var request = desk.watched(RequestClass.STANDARD, "t");
    desk.pass(Duration.ofSeconds(3));

    // When
    desk.arrive(request);

    // Then
    assertThat(desk.runs).isEmpty();
    assertThat(desk.drops.getFirst().why().reason()).isEqualTo(DropReason.QUEUE_DELAY);
  }

  @Test
  void workThatNobodyWaitsForWaitsUntilItExpires() {
    // Given
    desk.arrive(desk.watched(RequestClass.STANDARD, "t"));
    desk.arrive(desk.detached(RequestClass.STANDARD, "t"));

    // When / Then
    desk.pass(Duration.ofSeconds(599));
    assertThat(desk.drops).isEmpty();
    desk.pass(Duration.ofSeconds(1));
    assertThat(desk.drops.getFirst().why().terminal()).isEqualTo(LifecycleType.EXPIRED);
  }

  @Test
  void aFurtherAttemptIsNotDroppedForWaitingAndGoesFirst() {
    // Given
    desk.arrive(desk.watched(RequestClass.STANDARD, "t"));
    var old = desk.watched(RequestClass.STANDARD, "t");
    desk.pass(Duration.ofSeconds(5));
    desk.arrive(desk.watched(RequestClass.STANDARD, "t"));

    // When it is to be run again
    String again = desk.arrive(old, 2).request().getId();
    desk.pass(Duration.ofSeconds(1));
    desk.end(0);

    // Then
    assertThat(desk.drops).isEmpty();
    assertThat(desk.sent()).endsWith(again);
  }

  @Test
  void aDeadlineThatTheEngineCannotMeetIsNotTried() {
    // Given an engine that was seen to take its time
    desk.arrive(desk.watched(RequestClass.STANDARD, "t"));
    desk.arrive(
        desk.watched(RequestClass.STANDARD, "t")
            .setPromptTokens(8000)
            .setExpiresAt(desk.now().plusMillis(500)));
    desk.engine.tpot().add(100, Duration.ofSeconds(3).toNanos(), desk.nanos());

    // When
    desk.pass(Duration.ofMillis(100));
    desk.end(0);

    // Then
    assertThat(desk.runs).hasSize(1);
    assertThat(desk.drops.getFirst().why().reason()).isEqualTo(DropReason.INFEASIBLE);
    assertThat(desk.drops.getFirst().why().failure(1).getStatus()).isEqualTo(504);
  }

  @Test
  void standardIsThinnedWhilePriorityWaitsTooLong() {
    // Given standard that waits, and priority that waits for more than half of what it may
    desk.arrive(desk.watched(RequestClass.STANDARD, "t"));
    desk.arrive(desk.detached(RequestClass.BATCH, "t"));
    desk.pass(Duration.ofMillis(300));
    for (int i = 0; i < 4; i++) {
      desk.arrive(desk.watched(RequestClass.PRIORITY, "t"));
    }
    desk.pass(Duration.ofMillis(1100));
    assertThat(desk.desk.rung()).isEqualTo(BrownOut.Rung.NO_BATCH);
    desk.pass(Duration.ofMillis(300));
    assertThat(desk.desk.rung()).isEqualTo(BrownOut.Rung.NO_FLEX);
    desk.pass(Duration.ofMillis(300));
    assertThat(desk.desk.rung()).isEqualTo(BrownOut.Rung.THIN_STANDARD);
    for (int i = 0; i < 4; i++) {
      desk.arrive(desk.watched(RequestClass.STANDARD, "t"));
    }

    // When
    for (int i = 0; i < 7; i++) {
      desk.end(i);
    }

    // Then every second is sent away, and what nobody waits for stays
    assertThat(desk.drops)
        .hasSize(2)
        .allSatisfy(drop -> assertThat(drop.why().failure(1).getReason()).isEqualTo("brown_out"));
    assertThat(count(RequestClass.STANDARD)).isEqualTo(3);
    assertThat(count(RequestClass.BATCH)).isZero();

    // And it ends by itself
    for (int i = 0; i < 30; i++) {
      desk.pass(Duration.ofSeconds(1));
    }
    assertThat(desk.desk.rung()).isEqualTo(BrownOut.Rung.NORMAL);
    assertThat(count(RequestClass.BATCH)).isOne();
  }

  @Test
  void aHeartbeatTellsWhatAdmissionGoesBy() {
    // Given
    desk.arrive(desk.watched(RequestClass.STANDARD, "a"));
    desk.arrive(desk.watched(RequestClass.STANDARD, "b"));

    // When
    PoolLoad load =
        desk.desk.load(Map.of(RequestClass.STANDARD, List.of(new LanePosition(3, 10L, 12L))));

    // Then
    assertThat(load.getDrain()).isPositive();
    assertThat(load.getBrownOut()).isZero();
    LaneLoad standard = load.getLanes().get(1);
    assertThat(standard.getReady()).isOne();
    assertThat(standard.getReadyTokens()).isEqualTo(200);
    assertThat(standard.getMeanCost()).isEqualTo(200);
    assertThat(standard.getPartitions()).containsExactly(new LanePosition(3, 10L, 12L));
    assertThat(load.getTenants())
        .containsExactly(new TenantService("a", RequestClass.STANDARD, 200.0));
  }

  @Test
  void priorityThatWaitsTakesTheYoungestPlacesOfBulk() {
    // Given two requests that may have to go, and one that may not
    Desk full = new Desk(Settings.preempting(), 3);
    List<String> gone = new ArrayList<>();
    Held old = full.arrive(full.detached(RequestClass.BATCH, "t"));
    full.desk.began(() -> gone.add("old"));
    Held young = full.arrive(full.detached(RequestClass.FLEX, "t"));
    full.desk.began(() -> gone.add("young"));
    Held standard = full.arrive(full.watched(RequestClass.STANDARD, "t"));
    assertThat(List.of(old, young)).allMatch(full.desk::mayPreempt);
    assertThat(full.desk.mayPreempt(standard)).isFalse();

    // When priority has waited for a quarter of what it may
    full.arrive(full.watched(RequestClass.PRIORITY, "t"));
    full.pass(Duration.ofMillis(499));
    assertThat(full.desk.toPreempt()).isEmpty();
    full.pass(Duration.ofMillis(2));
    full.desk.toPreempt().forEach(Preemptible::preempt);

    // Then
    assertThat(gone).containsExactly("young");
  }

  @Test
  void whatGaveUpItsPlaceStandsWhereItStoodAndIsNotCharged() {
    // Given a batch request that gave up its place, and one that came later
    Held first = desk.arrive(desk.detached(RequestClass.BATCH, "t"));
    desk.pass(Duration.ofSeconds(1));
    desk.arrive(desk.detached(RequestClass.BATCH, "t"));

    // When
    Held again =
        first.further(new Attempt("again", 2), ClaimState.ofFurtherAttempt(first.tenure()));
    desk.desk.preempted(again, desk.runs.getFirst().chargedTokens());
    desk.end(0);

    // Then
    assertThat(desk.runs.get(1).held().attempt().getId()).isEqualTo("again");
    assertThat(desk.desk.load(Map.of()).getTenants())
        .containsExactly(new TenantService("t", RequestClass.BATCH, 200.0));
  }

  private long count(RequestClass requestClass) {
    return desk.runs.stream().filter(run -> run.held().requestClass() == requestClass).count();
  }
}
