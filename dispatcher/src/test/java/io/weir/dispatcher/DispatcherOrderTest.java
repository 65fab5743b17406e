package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.Failure;
import io.weir.schemas.LaneLoad;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.Member;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Role;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Membership;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets an engine that more want than it can serve, on a broker. */
class DispatcherOrderTest {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private final CountDownLatch gate = new CountDownLatch(1);
  private Rig rig;

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @BeforeEach
  void open() {
    rig = Rig.on(kafka);
  }

  @AfterEach
  void close() {
    gate.countDown();
    rig.close();
  }

  /** An engine whose first answer waits for the gate. */
  private FakeEngine slowAtFirst() {
    AtomicInteger calls = new AtomicInteger();
    return FakeEngine.start(
        (call, out) -> {
          if (calls.incrementAndGet() == 1) {
            gate.await();
          }
          out.write(FakeEngine.response("application/json", "{}"));
        });
  }

  @Test
  void priorityIsServedFirstAndWhoWaitedTooLongIsTold() throws Exception {
    try (FakeEngine engine = slowAtFirst();
        Membership members =
            Membership.follow(kafka.settings(), "test", LeaseTerms.STANDARD, any -> {})) {
      // Given an engine that is full, so that two requests of each class are held ready
      rig.engine(engine.uri(), 1);
      rig.dispatch();
      String first = rig.sendOne(rig.request());
      Awaitility.await().atMost(Rig.PATIENCE).until(() -> engine.calls().size() == 1);

      // When all classes want it, and one request's time is short
      String impatient = rig.sendOne(rig.request().setStartBy(Instant.now().plusMillis(200)));
      List<String> batch = send(RequestClass.BATCH, 2);
      List<String> standard = send(RequestClass.STANDARD, 2);
      List<String> priority = send(RequestClass.PRIORITY, 2);
      LifecycleEvent shed = rig.terminal(impatient);

      // Then that one is told when to come again, and why
      assertThat(shed.getType()).isEqualTo(LifecycleType.SHED);
      Failure why = shed.getFailure().orElseThrow();
      assertThat(why.getReason()).isEqualTo("queue_delay");
      assertThat(why.getStatus()).isEqualTo(503);
      assertThat(why.getRetryAfterMs()).isPresent();
      assertThat(why.getNumbers()).containsKeys("wait_ms", "limit_ms", "queued_tokens");
      assertThat(rig.last(impatient).getEnd().orElseThrow().getFailure()).isPresent();

      // And others are told what waits
      rig.until("all waiting", () -> waiting(members) >= 6);

      // When the engine is free again
      gate.countDown();
      List<String> all = new ArrayList<>(priority);
      all.addAll(standard);
      all.addAll(batch);
      all.forEach(rig::terminal);
      rig.terminal(first);

      // Then
      List<String> served =
          engine.calls().stream().map(call -> call.headers().get("x-request-id")).toList();
      assertThat(served).doesNotContain(impatient);
      assertThat(served).hasSize(7);
      // One of the others may go in between: the floor.
      assertThat(priority).contains(served.get(1));
      assertThat(served.subList(1, 4)).containsAll(priority);
    }
  }

  @Test
  void aBatchRequestGivesItsPlaceToPriorityAndIsNotLost() throws Exception {
    try (FakeEngine engine = slowAtFirst()) {
      // Given a batch request on the only place
      rig.engine(engine.uri(), 1);
      rig.dispatch(Settings.preempting());
      String batch =
          rig.sendOne(rig.request().setRequestClass(RequestClass.BATCH).setWatched(false));
      Awaitility.await().atMost(Rig.PATIENCE).until(() -> engine.calls().size() == 1);

      // When
      String priority = rig.sendOne(rig.request().setRequestClass(RequestClass.PRIORITY));

      // Then it is served, and the other after it
      assertThat(rig.terminal(priority).getType()).isEqualTo(LifecycleType.SUCCEEDED);
      assertThat(rig.terminal(batch).getType()).isEqualTo(LifecycleType.SUCCEEDED);
      assertThat(rig.types(batch))
          .containsExactly(
              LifecycleType.DISPATCHED,
              LifecycleType.RETRIED,
              LifecycleType.DISPATCHED,
              LifecycleType.SUCCEEDED);
      LifecycleEvent gaveUp = rig.events(batch).get(1);
      assertThat(gaveUp.getFailure().orElseThrow().getReason()).isEqualTo("preempted");
      assertThat(gaveUp.getClosedAttempts())
          .containsExactly(rig.events(batch).getFirst().getAttempt().orElseThrow().getId());
      assertThat(new String(rig.body(batch), StandardCharsets.UTF_8)).isEqualTo("{}");
    }
  }

  private List<String> send(RequestClass requestClass, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(rig.sendOne(rig.request().setRequestClass(requestClass)));
    }
    return ids;
  }

  /** Requests ready or in their lanes, as the rig's dispatcher says. */
  private long waiting(Membership members) {
    long waiting = 0;
    for (Member member : members.current().of(Role.DISPATCHER)) {
      if (member.getSource().filter(rig.source().name()::equals).isEmpty()) {
        continue;
      }
      for (LaneLoad lane : member.getPools().getFirst().getLanes()) {
        waiting += lane.getReady();
        waiting +=
            lane.getPartitions().stream().mapToLong(at -> at.getEnd() - at.getPosition()).sum();
      }
    }
    return waiting;
  }
}
