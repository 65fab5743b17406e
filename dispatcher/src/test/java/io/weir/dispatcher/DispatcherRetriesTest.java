package io.weir.dispatcher;

import static io.weir.dispatcher.FakeEngine.ascii;
import static io.weir.dispatcher.FakeEngine.chunk;
import static io.weir.dispatcher.FakeEngine.sseHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RequestClass;
import io.weir.schemas.ResponseChunk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DispatcherRetriesTest {
  private static final String STREAM = "data: a\n\ndata: b\n\ndata: [DONE]\n\n";
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private final List<FakeEngine> engines = new ArrayList<>();
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
  void close() throws IOException {
    rig.close();
    for (FakeEngine engine : engines) {
      engine.close();
    }
  }

  private FakeEngine engine(FakeEngine.Script script) {
    return engine(script, 4);
  }

  private FakeEngine engine(FakeEngine.Script script, int slots) {
    FakeEngine engine = FakeEngine.start(script);
    engines.add(engine);
    rig.engine(engine.uri(), slots);
    return engine;
  }

  private static void stream(OutputStream out) throws IOException {
    out.write(sseHead());
    out.write(chunk(STREAM));
    out.write(ascii("0\r\n\r\n"));
  }

  /** Says nothing until the connection is closed. */
  private static void commentUntilClosed(OutputStream out, AtomicInteger closed)
      throws IOException {
    try {
      out.write(sseHead());
      for (int i = 0; i < 1_500; i++) {
        out.write(chunk(": soon\n\n"));
        out.flush();
        FakeEngine.pause(20);
      }
    } catch (IOException gone) {
      closed.incrementAndGet();
      throw gone;
    }
  }

  private LifecycleEvent event(String id, LifecycleType type) {
    return rig.events(id).stream().filter(each -> each.getType() == type).findFirst().orElseThrow();
  }

  private void assertNoSlotIsTaken(Dispatcher dispatcher) {
    Awaitility.await()
        .atMost(Rig.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        Pages.text(dispatcher)
                            .lines()
                            .filter(line -> line.startsWith("weir_dispatcher_in_flight")))
                    .isNotEmpty()
                    .allMatch(line -> line.endsWith(" 0.0") || line.endsWith(" 0")));
  }

  @ParameterizedTest
  @EnumSource
  void whatFailsBeforeTheFirstByteIsTriedOnAnotherEngine(EngineFault fault) {
    // Given two engines, of which the first that is asked fails
    AtomicBoolean failed = new AtomicBoolean();
    FakeEngine.Script script =
        (call, out) -> {
          if (failed.compareAndSet(false, true)) {
            fault.happen(out);
          } else {
            stream(out);
          }
        };
    FakeEngine one = engine(script);
    FakeEngine two = engine(script);
    Dispatcher dispatcher = rig.dispatch(Settings.calls(Map.of("first-token", "400ms")));

    // When
    String id = rig.sendOne(rig.stream());

    // Then the other has answered
    LifecycleEvent terminal = rig.terminal(id);
    assertThat(terminal.getType()).isEqualTo(LifecycleType.SUCCEEDED);
    assertThat(one.calls()).hasSize(1);
    assertThat(two.calls()).hasSize(1);
    assertThat(rig.text(id)).isEqualTo(STREAM);

    // And the attempts follow each other in the log
    LifecycleEvent first = event(id, LifecycleType.DISPATCHED);
    LifecycleEvent retried = event(id, LifecycleType.RETRIED);
    assertThat(rig.types(id))
        .containsSubsequence(
            LifecycleType.DISPATCHED,
            LifecycleType.RETRIED,
            LifecycleType.DISPATCHED,
            LifecycleType.SUCCEEDED);
    assertThat(retried.getEngine()).isEqualTo(first.getEngine());
    assertThat(retried.getFailure().orElseThrow().getReason()).isEqualTo(fault.reason);
    assertThat(retried.getClosedAttempts())
        .containsExactly(first.getAttempt().orElseThrow().getId());
    assertThat(retried.getAttempt().orElseThrow().getNumber()).isEqualTo(2);
    assertThat(terminal.getAttempt()).isEqualTo(retried.getAttempt());
    assertThat(terminal.getEngine()).isNotEqualTo(first.getEngine());
    String attempt = retried.getAttempt().orElseThrow().getId();
    assertThat(rig.chunks(id)).extracting(ResponseChunk::getAttemptId).containsOnly(attempt);
    assertNoSlotIsTaken(dispatcher);
    assertThat(Pages.text(dispatcher))
        .contains("weir_dispatcher_retries_total{reason=\"" + fault.reason + "\"} 1.0");
  }

  @Test
  void noEngineIsAskedTwiceWhileThereAreOthers() {
    FakeEngine.Script script = (call, out) -> EngineFault.status(out, 500, "");
    List<FakeEngine> three = List.of(engine(script), engine(script), engine(script));
    rig.dispatch(Settings.retries(Map.of("max", "2")));

    for (int i = 0; i < 4; i++) {
      LifecycleEvent terminal = rig.terminal(rig.sendOne(rig.request()));

      int times = i + 1;
      assertThat(three).allSatisfy(engine -> assertThat(engine.calls()).hasSize(times));
      assertThat(terminal.getFailure().orElseThrow().getReason()).isEqualTo("engine_error");
      assertThat(terminal.getAttempt().orElseThrow().getNumber()).isEqualTo(3);
    }
  }

  @Test
  void aWrongRequestIsNotTriedAgain() {
    FakeEngine one = engine((call, out) -> EngineFault.status(out, 422, ""));
    FakeEngine two = engine((call, out) -> EngineFault.status(out, 422, ""));
    rig.dispatch(Settings.calls(Map.of()));
    String id = rig.sendOne(rig.request());
    assertThat(rig.terminal(id).getFailure().orElseThrow().getReason())
        .isEqualTo("engine_rejected");
    assertThat(one.calls().size() + two.calls().size()).isEqualTo(1);
    assertThat(rig.types(id)).doesNotContain(LifecycleType.RETRIED);
  }

  @Test
  void nothingIsTriedAgainWithoutBudget() {
    FakeEngine one = engine((call, out) -> EngineFault.status(out, 500, ""));
    FakeEngine two = engine((call, out) -> EngineFault.status(out, 500, ""));
    Dispatcher dispatcher = rig.dispatch(Settings.retries(Map.of("budget", "0", "floor", "0.2")));
    for (int i = 0; i < 10; i++) {
      rig.terminal(rig.sendOne(rig.request()));
    }
    assertThat(one.calls().size() + two.calls().size()).isEqualTo(12);
    assertThat(Pages.text(dispatcher))
        .contains("weir_dispatcher_retries_refused_total{cause=\"no_budget\"}")
        .contains("weir_dispatcher_retry_budget{pool=\"llama\"} 0.0");
    assertNoSlotIsTaken(dispatcher);
  }

  @Test
  void afterTheFirstByteAStreamIsNotTriedAgain() {
    FakeEngine.Script dies =
        (call, out) -> {
          out.write(sseHead());
          out.write(chunk("data: 1\n\n"));
          out.flush();
          throw new IOException("gone");
        };
    FakeEngine one = engine(dies);
    FakeEngine two = engine(dies);
    Dispatcher dispatcher = rig.dispatch(Settings.calls(Map.of()));
    String id = rig.sendOne(rig.stream());
    assertThat(rig.terminal(id).getFailure().orElseThrow().getReason()).isEqualTo("engine_died");
    assertThat(one.calls().size() + two.calls().size()).isEqualTo(1);
    assertThat(rig.text(id)).isEqualTo("data: 1\n\n");
    assertNoSlotIsTaken(dispatcher);
  }

  @Test
  void aRetryWaitsForAnotherEngineRatherThanUsingTheOneItFailedOn() {
    // Given engines with one place each: one fails at once, the other is busy
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    FakeEngine.Script script =
        (call, out) -> {
          switch (calls.incrementAndGet()) {
            case 1 -> {
              begun.countDown();
              busy.await();
              stream(out);
            }
            case 2 -> EngineFault.status(out, 500, "");
            default -> stream(out);
          }
        };
    engine(script, 1);
    engine(script, 1);
    Dispatcher dispatcher = rig.dispatch(Settings.calls(Map.of()));
    String slow = rig.sendOne(rig.stream());
    Awaitility.await().atMost(Rig.PATIENCE).until(() -> begun.getCount() == 0);

    // When
    String id = rig.sendOne(rig.stream());
    rig.until("retry", () -> rig.types(id).contains(LifecycleType.RETRIED));
    String other = rig.terminal(rig.sendOne(rig.stream())).getEngine().orElseThrow();
    assertThat(rig.findTerminal(id)).isEmpty();
    busy.countDown();

    // Then a later request has passed it by on the engine it failed on
    assertThat(rig.terminal(id).getType()).isEqualTo(LifecycleType.SUCCEEDED);
    assertThat(rig.terminal(id).getEngine()).isEqualTo(rig.terminal(slow).getEngine());
    assertThat(event(id, LifecycleType.RETRIED).getEngine()).contains(other);
    assertNoSlotIsTaken(dispatcher);
  }

  @Test
  void aRetryThatFindsNoEngineInTimeExpires() {
    // Given the only engine's refusing all further connections
    AtomicBoolean well = new AtomicBoolean(true);
    FakeEngine only =
        engine(
            (call, out) -> {
              well.set(false);
              throw new IOException("gone");
            });
    rig.dispatch(Settings.retries(Map.of("base", "800ms")));
    String id = rig.sendOne(rig.stream().setExpiresAt(Instant.now().plusSeconds(3)));
    Awaitility.await().atMost(Rig.PATIENCE).until(() -> !well.get());
    only.health(500);

    // Then
    LifecycleEvent terminal = rig.terminal(id);
    Failure failure = terminal.getFailure().orElseThrow();
    assertThat(failure.getReason()).isIn("deadline_exceeded", "engine_died");
    assertThat(failure.getWorkStarted()).isTrue();
    assertThat(failure.getRetrySafe()).isFalse();
  }

  @Test
  void anEngineIsLeftAloneForAsLongAsItAsks() {
    // Given
    AtomicInteger calls = new AtomicInteger();
    FakeEngine.Script script =
        (call, out) -> {
          if (calls.incrementAndGet() == 1) {
            EngineFault.status(out, 429, "Retry-After: 3000\r\n");
          } else {
            stream(out);
          }
        };
    engine(script);
    engine(script);
    rig.dispatch(Settings.calls(Map.of()));

    // When
    LifecycleEvent first = rig.terminal(rig.sendOne(rig.stream()));

    // Then
    assertThat(first.getType()).isEqualTo(LifecycleType.SUCCEEDED);
    for (int i = 0; i < 8; i++) {
      String id = rig.sendOne(rig.stream());
      assertThat(rig.terminal(id).getEngine()).isEqualTo(first.getEngine());
      assertThat(event(id, LifecycleType.DISPATCHED).getDecision().orElseThrow().getExcluded())
          .anyMatch(excluded -> excluded.getReason().equals("paused"));
    }
  }

  @Test
  void aRequestWaitsForTheOnlyEngineIfItMayComeBackSoon() {
    AtomicInteger calls = new AtomicInteger();
    FakeEngine only =
        engine(
            (call, out) -> {
              if (calls.incrementAndGet() == 1) {
                EngineFault.status(out, 503, "Retry-After: 1\r\n");
              } else {
                stream(out);
              }
            });
    rig.dispatch(Settings.calls(Map.of()));
    String id = rig.sendOne(rig.stream());
    LifecycleEvent terminal = rig.terminal(id);
    assertThat(terminal.getType()).isEqualTo(LifecycleType.SUCCEEDED);
    assertThat(only.calls()).hasSize(2);
    long pause =
        terminal.getAt().toEpochMilli() - event(id, LifecycleType.RETRIED).getAt().toEpochMilli();
    assertThat(pause).isGreaterThanOrEqualTo(900);
  }

  @Test
  void otherwiseItsClientHearsWhenToComeBack() {
    FakeEngine only = engine((call, out) -> EngineFault.status(out, 503, "Retry-After: 60\r\n"));
    rig.dispatch(Settings.calls(Map.of()));
    Failure failure = rig.terminal(rig.sendOne(rig.stream())).getFailure().orElseThrow();
    assertThat(failure.getReason()).isEqualTo("engine_overloaded");
    assertThat(failure.getRetryAfterMs()).contains(60_000L);
    assertThat(only.calls()).hasSize(1);
  }

  @Test
  void anEngineThatFailsAgainAndAgainGetsNothingUntilAProbeSucceeds() {
    // Given an engine that is well by its health page, and fails
    AtomicBoolean ill = new AtomicBoolean(true);
    FakeEngine bad =
        engine(
            (call, out) -> {
              if (ill.get()) {
                EngineFault.status(out, 500, "");
              } else {
                stream(out);
              }
            });
    engine((call, out) -> stream(out));
    Dispatcher dispatcher =
        rig.dispatch(Settings.outliers(Map.of("failures", "3", "base", "2s", "cap", "2s")));

    // When
    List<String> ids = new ArrayList<>();
    while (!Pages.text(dispatcher).contains("engine_ejected{engine=\"e0\"} 1.0")) {
      ids.add(rig.sendOne(rig.stream()));
      rig.terminal(ids.getLast());
    }

    // Then it gets nothing
    int before = bad.calls().size();
    assertThat(before).isEqualTo(3);
    String id = rig.sendOne(rig.stream());
    assertThat(rig.terminal(id).getEngine()).contains("e1");
    assertThat(event(id, LifecycleType.DISPATCHED).getDecision().orElseThrow().getExcluded())
        .anyMatch(excluded -> excluded.getReason().equals("ejected"));

    // And after its time one request, which fails and puts it out again
    Awaitility.await()
        .atMost(Rig.PATIENCE)
        .until(
            () -> {
              rig.terminal(rig.sendOne(rig.stream()));
              return bad.calls().size() > before;
            });
    for (int i = 0; i < 5; i++) {
      rig.terminal(rig.sendOne(rig.stream()));
    }
    assertThat(bad.calls()).hasSize(before + 1);

    // And when it is well again, a probe brings it back
    ill.set(false);
    rig.until(
        "back in use",
        () -> rig.terminal(rig.sendOne(rig.stream())).getEngine().orElseThrow().equals("e0"));
    assertThat(Pages.text(dispatcher)).contains("engine_ejected{engine=\"e0\"} 0.0");
    for (String each : ids) {
      assertThat(rig.terminal(each).getType()).isEqualTo(LifecycleType.SUCCEEDED);
    }
    assertNoSlotIsTaken(dispatcher);
  }

  @Test
  void aLateAnswerIsAskedOfASecondEngineAndOnlyOneIsPublished() {
    // Given a pool whose first tokens are known to come at once
    AtomicBoolean stall = new AtomicBoolean();
    AtomicInteger closed = new AtomicInteger();
    FakeEngine.Script script =
        (call, out) -> {
          if (stall.compareAndSet(true, false)) {
            commentUntilClosed(out, closed);
          }
          stream(out);
        };
    FakeEngine one = engine(script);
    FakeEngine two = engine(script);
    Dispatcher dispatcher = rig.hedged().dispatch(Settings.calls(Map.of()));
    for (int i = 0; i < 8; i++) {
      rig.terminal(rig.sendOne(rig.stream()));
    }

    // When one of class priority gets no first token
    int before = one.calls().size() + two.calls().size();
    stall.set(true);
    String id = rig.sendOne(rig.stream().setRequestClass(RequestClass.PRIORITY));

    // Then
    LifecycleEvent terminal = rig.terminal(id);
    assertThat(terminal.getType()).isEqualTo(LifecycleType.SUCCEEDED);
    assertThat(one.calls().size() + two.calls().size()).isEqualTo(before + 2);
    assertThat(rig.text(id)).isEqualTo(STREAM);
    List<LifecycleEvent> dispatched =
        rig.events(id).stream()
            .filter(event -> event.getType() == LifecycleType.DISPATCHED)
            .toList();
    assertThat(dispatched).hasSize(2);
    assertThat(dispatched.get(1).getRequest()).isEmpty();
    assertThat(dispatched.get(1).getAttempt()).isEqualTo(dispatched.get(0).getAttempt());
    assertThat(dispatched.get(1).getEngine()).isNotEqualTo(dispatched.get(0).getEngine());
    assertThat(terminal.getEngine()).isEqualTo(dispatched.get(1).getEngine());
    assertNoSlotIsTaken(dispatcher);
    Awaitility.await().atMost(Rig.PATIENCE).until(() -> closed.get() == 1);
    assertThat(Pages.text(dispatcher)).contains("weir_dispatcher_hedges_won_total 1.0");

    // And one of another class is not hedged
    stall.set(true);
    String patient = rig.sendOne(rig.stream().setExpiresAt(Instant.now().plusMillis(700)));
    assertThat(rig.terminal(patient).getType()).isEqualTo(LifecycleType.EXPIRED);
  }
}
