package io.weir.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.routing.admission.AdmissionPolicy;
import io.weir.routing.admission.QueuePlace;
import io.weir.routing.admission.ShedReason;
import io.weir.routing.config.Configs;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.Source;
import io.weir.schemas.ClassPlan;
import io.weir.schemas.Failure;
import io.weir.schemas.LaneLoad;
import io.weir.schemas.LanePosition;
import io.weir.schemas.Member;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.RequestClass;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.Role;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TokenUsage;
import io.weir.schemas.Topics;
import io.weir.schemas.WeightCertificate;
import io.weir.schemas.members.Members;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AdmissionControlTest {
  private static final Source HERE = new Source("here", "local");
  private static final Fleet FLEET =
      new Fleet(
          List.of(HERE),
          List.of(new Pool("llama", List.of("llama"), PickPolicy.RANDOM)),
          List.of());

  private long now;
  private long beats;
  private int ids;
  private final AdmissionControl admission =
      new AdmissionControl(
          FLEET,
          HERE.name(),
          Configs.with(AdmissionPolicy.class, Map.of("lane-requests", "100")),
          tenant -> 1,
          () -> now,
          new SimpleMeterRegistry());

  private void pass(Duration time) {
    now += time.toNanos();
  }

  /** A heartbeat of the only dispatcher. */
  private void tell(double drain, int brownOut, LaneLoad... lanes) {
    PoolLoad load =
        new PoolLoad("llama", 0, List.of(), drain, brownOut, 0, Arrays.asList(lanes), List.of());
    Member member =
        new Member(
            "d",
            Role.DISPATCHER,
            HERE.name(),
            1L,
            beats++,
            Instant.EPOCH,
            Instant.EPOCH,
            "http://nowhere",
            false,
            List.of(load),
            List.of());
    admission.heard(new Members(0, List.of(new Members.LiveMember(member, 0))));
  }

  private void fallSilent() {
    admission.heard(new Members(0, List.of()));
  }

  private static LaneLoad waiting(RequestClass requestClass, double tokens) {
    return new LaneLoad(
        requestClass, 10, tokens, tokens / 10, List.of(new LanePosition(0, 20L, 20L)));
  }

  private Arrival arrival(RequestClass requestClass, String tenant) {
    return new Arrival(
        "id-" + ids++,
        "llama",
        requestClass,
        tenant,
        "llama",
        100,
        OptionalInt.of(40),
        true,
        true,
        Duration.ofMinutes(5));
  }

  private Entry enter(RequestClass requestClass) {
    return admission.enter(arrival(requestClass, "t"));
  }

  private static Entry.Admitted admitted(Entry entry) {
    assertThat(entry).isInstanceOf(Entry.Admitted.class);
    return (Entry.Admitted) entry;
  }

  private static Entry.Shed shed(Entry entry, ShedReason reason) {
    assertThat(entry).isInstanceOf(Entry.Shed.class);
    Entry.Shed shed = (Entry.Shed) entry;
    assertThat(shed.reason()).isEqualTo(reason);
    return shed;
  }

  private static ResponseChunk end(Failure failure, TokenUsage usage) {
    return new ResponseChunk(
        "id",
        "a",
        1,
        null,
        ByteBuffer.allocate(0),
        0L,
        0,
        new ResponseEnd(failure, usage, 0L, 0L),
        List.of(),
        false,
        null);
  }

  @Test
  void aLongQueueIsSaidWithItsNumbersAndATimeToComeBack() {
    // Given 2.4 s of standard work
    tell(20_000, 0, waiting(RequestClass.STANDARD, 48_000));

    // Then standard is told how long that is, and priority is not concerned
    Entry.Shed shed = shed(enter(RequestClass.STANDARD), ShedReason.QUEUE_DELAY);
    assertThat(shed.numbers())
        .containsEntry("wait_ms", 2400.0)
        .containsEntry("limit_ms", 1600.0)
        .containsEntry("queued_tokens", 48_000.0)
        .containsEntry("drain_per_second", 20_000.0)
        .containsEntry("cost_tokens", 200.0);
    assertThat(shed.retryAfter()).isEqualTo(Duration.ofMillis(800));
    admitted(enter(RequestClass.PRIORITY));

    // And it is let in once that has drained
    pass(Duration.ofSeconds(2));
    admitted(enter(RequestClass.STANDARD));
  }

  @Test
  void whatIsSentFillsTheQueueUntilItIsBegun() {
    // Given
    tell(1000, 0, waiting(RequestClass.STANDARD, 0));

    // When four of 200 tokens are let in, which is 0.8 s, the fifth is not: so few may take two
    Entry.Admitted first = admitted(enter(RequestClass.STANDARD));
    first.watch().acked(0, 20);
    for (int i = 1; i < 4; i++) {
      admitted(enter(RequestClass.STANDARD)).watch().acked(0, 20 + i);
    }
    shed(enter(RequestClass.STANDARD), ShedReason.QUEUE_DELAY);

    // Then one that is answered makes room for another
    first.watch().chunk(end(null, new TokenUsage(100, 40, null, false)));
    admitted(enter(RequestClass.STANDARD));
  }

  @Test
  void aDispatcherThatIsAwayForAMomentClosesNothing() {
    // Given
    tell(1000, 0, waiting(RequestClass.STANDARD, 0));
    fallSilent();

    // Then what a class may have waiting is let in
    pass(Duration.ofSeconds(2));
    for (int i = 0; i < 4; i++) {
      admitted(enter(RequestClass.STANDARD));
    }
    shed(enter(RequestClass.STANDARD), ShedReason.QUEUE_DELAY);

    // And after five seconds nothing
    pass(Duration.ofSeconds(4));
    Entry.Shed shed = shed(enter(RequestClass.PRIORITY), ShedReason.NO_CAPACITY);
    assertThat(shed.retryAfter()).isPositive();
    assertThat(shed.numbers()).doesNotContainKey("wait_ms");

    // And what nobody waits for is taken all the same
    admitted(admission.enterDetached(arrival(RequestClass.FLEX, "t")));

    // And once it is back all is as it was
    tell(1000, 0, waiting(RequestClass.STANDARD, 0));
    admitted(enter(RequestClass.PRIORITY));
  }

  @Test
  void thePlanTurnsAwayItsPartWhereThereIsAQueue() {
    // Given a plan that turns away half of standard
    RoutingWeights table = table(new ClassPlan(RequestClass.STANDARD, 100.0, 50.0, 3.0, 2.0));
    admission.planned(table, 0);

    // When nothing waits, nobody is turned away
    tell(100_000, 0, waiting(RequestClass.STANDARD, 0));
    assertThat(shedOf(200, RequestClass.STANDARD)).isZero();

    // When more than a quarter of what may wait does, half is
    tell(100_000, 0, waiting(RequestClass.STANDARD, 60_000));
    assertThat(shedOf(200, RequestClass.STANDARD)).isBetween(70, 130);
    assertThat(shedOf(20, RequestClass.PRIORITY)).isZero();

    // When the plan is three intervals old it says nothing more
    pass(Duration.ofSeconds(4));
    tell(100_000, 0, waiting(RequestClass.STANDARD, 60_000));
    assertThat(shedOf(200, RequestClass.STANDARD)).isZero();
  }

  private int shedOf(int requests, RequestClass requestClass) {
    int shed = 0;
    for (int i = 0; i < requests; i++) {
      switch (enter(requestClass)) {
        case Entry.Shed away -> {
          assertThat(away.reason()).isEqualTo(ShedReason.PLANNED);
          shed++;
        }
        case Entry.Admitted in -> in.watch().left();
      }
    }
    return shed;
  }

  private static RoutingWeights table(ClassPlan plan) {
    return new RoutingWeights(
        HERE.name(),
        "llama",
        1L,
        1L,
        Instant.EPOCH,
        1_000L,
        "first",
        0.0,
        List.of(),
        List.of(plan),
        new WeightCertificate(1.0, 1.0, 0.0),
        "digest",
        List.of(),
        null);
  }

  @Test
  void aBrownedOutClassIsTurnedAwayWhereItHasAQueue() {
    tell(1000, 2, waiting(RequestClass.FLEX, 2000));

    shed(enter(RequestClass.FLEX), ShedReason.BROWN_OUT);
    admitted(enter(RequestClass.STANDARD));
  }

  @Test
  void whatNobodyWaitsForIsBoundedByItsLane() {
    // Given a lane for a hundred, and 95 in it
    tell(
        1000,
        0,
        new LaneLoad(RequestClass.FLEX, 5, 500.0, 100.0, List.of(new LanePosition(0, 10L, 100L))));

    // When five more are let in and are in the lane
    for (int i = 0; i < 5; i++) {
      admitted(admission.enterDetached(arrival(RequestClass.FLEX, "t"))).watch().acked(0, 100 + i);
    }

    // Then the next one is not, and is told when one will have gone
    Entry.Shed shed =
        shed(admission.enterDetached(arrival(RequestClass.FLEX, "t")), ShedReason.LANE_FULL);
    assertThat(shed.numbers())
        .containsEntry("queued_requests", 100.0)
        .containsEntry("limit_requests", 100.0);
    assertThat(shed.retryAfter()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aPlaceIsKnownByTheRecordAndEndsWithTheQueue() {
    tell(
        1000,
        0,
        new LaneLoad(
            RequestClass.STANDARD, 2, 200.0, 100.0, List.of(new LanePosition(0, 10L, 12L))));
    Entry.Admitted entry = admitted(enter(RequestClass.STANDARD));
    entry.watch().acked(0, 12);

    QueuePlace place = new QueuePlace(5, OptionalLong.of(400));
    assertThat(entry.watch().place()).hasValue(place);
    String lane = Topics.requests(HERE.name(), "llama", RequestClass.STANDARD);
    assertThat(admission.place(new RecordPointer(lane, 0, 12L))).hasValue(place);
    assertThat(admission.place(new RecordPointer("weir.requests.there.llama.flex", 0, 12L)))
        .isEmpty();

    entry.watch().chunk(end(null, null));
    assertThat(entry.watch().place()).isEmpty();
  }

  @Test
  void estimatesFollowWhatAnswersUsed() {
    // Given requests of 100 estimated tokens that have 150 and answer with 8
    tell(1e9, 0, waiting(RequestClass.STANDARD, 0));
    for (int i = 0; i < 500; i++) {
      admitted(enter(RequestClass.STANDARD))
          .watch()
          .chunk(end(null, new TokenUsage(150, 8, null, false)));
    }

    // Then
    Entry.Admitted next = admitted(enter(RequestClass.STANDARD));
    assertThat(next.promptTokens()).isBetween(148, 152);
    assertThat(next.outputTokens()).isBetween(6, 12);
  }

  @Test
  void anAnswerThatFailedTeachesNothing() {
    tell(1e9, 0, waiting(RequestClass.STANDARD, 0));
    Failure failure = new Failure("x", "X.", 502, true, true, null, Map.of());
    for (int i = 0; i < 100; i++) {
      admitted(enter(RequestClass.STANDARD))
          .watch()
          .chunk(end(failure, new TokenUsage(150, 8, null, false)));
    }

    assertThat(admitted(enter(RequestClass.STANDARD)).outputTokens()).isEqualTo(40);
  }
}
