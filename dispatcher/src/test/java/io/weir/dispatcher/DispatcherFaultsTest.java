package io.weir.dispatcher;

import static io.weir.dispatcher.FakeEngine.ascii;
import static io.weir.dispatcher.FakeEngine.chunk;
import static io.weir.dispatcher.FakeEngine.sseHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ResponseEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherFaultsTest {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
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
    rig.close();
  }

  private static String status(int status, String headers, String body) {
    return "HTTP/1.1 %d X\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, headers, body.length(), body);
  }

  /** Runs one request on an engine with a fault and checks that END and terminal agree. */
  private Failure failureOf(
      FakeEngine.Script script, InferenceRequest.Builder request, DispatcherConfig config)
      throws Exception {
    try (FakeEngine engine = FakeEngine.start(script)) {
      rig.engine(engine.uri(), 4).dispatch(config);
      String id = rig.sendOne(request);
      LifecycleEvent terminal = rig.terminal(id);
      assertThat(terminal.getType()).isEqualTo(LifecycleType.FAILED);
      ResponseEnd end = rig.last(id).getEnd().orElseThrow();
      if (!terminal.getFailure().orElseThrow().getReason().equals("engine_rejected")) {
        assertThat(end.getFailure()).isEqualTo(terminal.getFailure());
      }
      assertThat(engine.calls()).hasSize(1);
      return terminal.getFailure().orElseThrow();
    }
  }

  private Failure failureOf(FakeEngine.Script script, InferenceRequest.Builder request)
      throws Exception {
    return failureOf(script, request, Settings.withoutRetries(Map.of()));
  }

  private static void assertFailure(
      Failure failure, String reason, int status, boolean retrySafe, boolean workStarted) {
    assertThat(failure.getReason()).isEqualTo(reason);
    assertThat(failure.getStatus()).isEqualTo(status);
    assertThat(failure.getRetrySafe()).isEqualTo(retrySafe);
    assertThat(failure.getWorkStarted()).isEqualTo(workStarted);
    assertThat(failure.getMessage()).contains("e0");
  }

  @Test
  void anOverloadedEngineSaysWhenToComeBack() throws Exception {
    Failure failure =
        failureOf(
            (call, out) -> out.write(ascii(status(429, "Retry-After: 7\r\n", "{}"))),
            rig.request());
    assertFailure(failure, "engine_overloaded", 503, true, false);
    assertThat(failure.getRetryAfterMs()).contains(7000L);
  }

  @Test
  void anErrorOfTheEngine() throws Exception {
    Failure failure =
        failureOf((call, out) -> out.write(ascii(status(500, "", "{}"))), rig.stream());
    assertFailure(failure, "engine_error", 502, false, true);
  }

  @Test
  void aRejectedRequestIsAnsweredInTheEnginesWords() throws Exception {
    String body = "{\"error\":{\"message\":\"too long\"}}";
    Failure failure =
        failureOf((call, out) -> out.write(ascii(status(422, "", body))), rig.stream());
    assertFailure(failure, "engine_rejected", 422, true, false);
    String id = rig.source().name() + "-0";
    assertThat(rig.text(id)).isEqualTo(body);
    assertThat(rig.chunks(id)).hasSize(1);
    assertThat(rig.last(id).getHead().orElseThrow().getStatus()).isEqualTo(422);
    assertThat(rig.last(id).getEnd().orElseThrow().getFailure()).isEmpty();
  }

  @Test
  void somethingThatIsNotHttp() throws Exception {
    Failure failure =
        failureOf((call, out) -> out.write(ascii("SSH-2.0-OpenSSH_9.6\r\n\r\n")), rig.request());
    assertFailure(failure, "engine_bad_answer", 502, false, true);
  }

  @Test
  void anAnswerThatIsNotJson() throws Exception {
    Failure failure =
        failureOf(
            (call, out) -> out.write(FakeEngine.response("application/json", "<html>oops")),
            rig.request());
    assertFailure(failure, "engine_bad_answer", 502, false, true);
    assertThat(rig.text(rig.source().name() + "-0")).isEmpty();
  }

  @Test
  void aStreamThatIsNotOne() throws Exception {
    Failure failure =
        failureOf(
            (call, out) -> out.write(FakeEngine.response("application/json", "{}")), rig.stream());
    assertFailure(failure, "engine_bad_answer", 502, false, true);
  }

  @Test
  void anEngineThatDiesBeforeItAnswers() throws Exception {
    Failure failure =
        failureOf(
            (call, out) -> {
              throw new IOException("gone");
            },
            rig.request());
    assertFailure(failure, "engine_died", 502, false, true);
  }

  @Test
  void anEngineThatDiesInTheMiddleOfAStream() throws Exception {
    Failure failure =
        failureOf(
            (call, out) -> {
              out.write(sseHead());
              out.write(chunk("data: 1\n\ndata: 2\n\ndata: ha"));
              out.flush();
              throw new IOException("gone");
            },
            rig.stream());
    assertFailure(failure, "engine_died", 502, false, true);
    String id = rig.source().name() + "-0";
    assertThat(rig.text(id)).isEqualTo("data: 1\n\ndata: 2\n\n");
    assertThat(rig.types(id)).contains(LifecycleType.FIRST_TOKEN);
    assertThat(rig.terminal(id).getUsage().orElseThrow().getCompletionTokens()).isEqualTo(2);
  }

  @Test
  void aStreamThatEndsWithoutDoneWasInterrupted() throws Exception {
    Failure failure =
        failureOf(
            (call, out) -> {
              out.write(sseHead());
              out.write(chunk("data: 1\n\n"));
              out.write(ascii("0\r\n\r\n"));
            },
            rig.stream());
    assertFailure(failure, "engine_died", 502, false, true);
    assertThat(failure.getMessage()).contains("[DONE]");
  }

  @Test
  void noFirstTokenInTime() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Failure failure =
        failureOf(
            (call, out) -> {
              out.write(sseHead());
              out.write(chunk(": still here\n\n"));
              out.flush();
              never.await();
            },
            rig.stream(),
            Settings.withoutRetries(Map.of("first-token", "300ms")));
    assertFailure(failure, "engine_timeout", 502, false, true);
    assertThat(failure.getMessage()).contains("first token", "300 ms");
  }

  @Test
  void commentsDoNotCountAsTokens() throws Exception {
    Failure failure =
        failureOf(
            (call, out) -> {
              out.write(sseHead());
              out.write(chunk("data: 1\n\n"));
              for (int i = 0; i < 500; i++) {
                out.write(chunk(": still here\n\n"));
                out.flush();
                FakeEngine.pause(20);
              }
            },
            rig.stream(),
            Settings.withoutRetries(Map.of("token-gap", "300ms")));
    assertFailure(failure, "engine_timeout", 502, false, true);
    assertThat(failure.getMessage()).contains("no token for");
  }

  @Test
  void noWholeAnswerInTime() throws Exception {
    Failure failure =
        failureOf(
            (call, out) -> {
              out.write(ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"));
              out.write(ascii("Content-Length: 1000\r\n\r\n{"));
              for (int i = 0; i < 500; i++) {
                out.write(' ');
                out.flush();
                FakeEngine.pause(20);
              }
            },
            rig.request(),
            Settings.withoutRetries(Map.of("whole-answer", "300ms")));
    assertFailure(failure, "engine_timeout", 502, false, true);
  }

  @Test
  void anEngineThatRefusesIsOutAtOnceAndRequestsWaitUntilItIsBack() throws Exception {
    try (FakeEngine engine = FakeEngine.json("{}")) {
      // Given an engine that has been well and is gone
      rig.engine(engine.uri(), 4).dispatch(Settings.calls(Map.of()));
      rig.terminal(rig.sendOne(rig.request()));
      engine.goDown();

      // When
      List<String> ids = List.of(rig.sendOne(rig.request()), rig.sendOne(rig.request()));
      rig.until("claims", () -> ids.stream().allMatch(id -> !rig.events(id).isEmpty()));
      engine.comeBack();

      // Then what was sent into the gap failed cleanly, and what waited succeeded
      for (String id : ids) {
        LifecycleEvent terminal = rig.terminal(id);
        if (terminal.getType() == LifecycleType.FAILED) {
          assertThat(terminal.getFailure().orElseThrow().getReason())
              .isIn("engine_unreachable", "engine_died");
        }
      }
      assertThat(rig.terminal(rig.sendOne(rig.request())).getType())
          .isEqualTo(LifecycleType.SUCCEEDED);
    }
  }

  @Test
  void anUnhealthyEngineGetsNothingUntilItIsWell() throws Exception {
    try (FakeEngine ill = FakeEngine.json("{}");
        FakeEngine well = FakeEngine.json("{}")) {
      ill.health(500);
      rig.engine(ill.uri(), 4).engine(well.uri(), 4).dispatch(Settings.calls(Map.of()));
      for (int i = 0; i < 10; i++) {
        assertThat(rig.terminal(rig.sendOne(rig.request())).getEngine()).contains("e1");
      }
      assertThat(
              rig.events(rig.source().name() + "-9")
                  .getFirst()
                  .getDecision()
                  .orElseThrow()
                  .getExcluded()
                  .getFirst()
                  .getReason())
          .isEqualTo("unhealthy");
      ill.health(200);
      rig.until(
          "engine back",
          () -> rig.terminal(rig.sendOne(rig.request())).getEngine().orElseThrow().equals("e0"));
    }
  }

  @Test
  void anEngineWithoutAHealthPageIsAskedForItsModels() throws Exception {
    try (FakeEngine engine = FakeEngine.json("{}")) {
      engine.health(404);
      rig.engine(engine.uri(), 4);
      // The fake says 404 to both, so it stays out and the request expires.
      rig.dispatch(Settings.calls(Map.of()));
      String id = rig.sendOne(rig.request().setExpiresAt(Instant.now().plusMillis(500)));
      LifecycleEvent terminal = rig.terminal(id);
      assertThat(terminal.getType()).isEqualTo(LifecycleType.EXPIRED);
      assertThat(engine.gets()).contains("GET /health HTTP/1.1", "GET /v1/models HTTP/1.1");
      Failure failure = terminal.getFailure().orElseThrow();
      assertThat(failure.getReason()).isEqualTo("deadline_exceeded");
      assertThat(failure.getStatus()).isEqualTo(504);
      assertThat(failure.getRetrySafe()).isTrue();
      assertThat(failure.getWorkStarted()).isFalse();
      assertThat(rig.types(id)).containsExactly(LifecycleType.CLAIMED, LifecycleType.EXPIRED);
      assertThat(rig.chunks(id)).hasSize(1);
      assertThat(rig.last(id).getEnd().orElseThrow().getFailure()).contains(failure);
      assertThat(engine.calls()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRequestThatExpiresOnAnEngineFreesItsSlot(boolean stream) throws Exception {
    // Given an engine with one slot that never answers the first request
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    FakeEngine.Script script =
        (call, out) -> {
          if (calls.incrementAndGet() == 1) {
            end.await();
          }
          out.write(ascii(status(200, "", "{}")));
        };
    try (FakeEngine engine = FakeEngine.start(script)) {
      rig.engine(engine.uri(), 1).dispatch(Settings.calls(Map.of()));

      // When
      String id =
          rig.sendOne(
              (stream ? rig.stream() : rig.request()).setExpiresAt(Instant.now().plusMillis(2000)));

      // Then
      LifecycleEvent terminal = rig.terminal(id);
      assertThat(terminal.getType()).isEqualTo(LifecycleType.EXPIRED);
      assertFailure(terminal.getFailure().orElseThrow(), "deadline_exceeded", 504, false, true);
      assertThat(rig.terminal(rig.sendOne(rig.request())).getType())
          .isEqualTo(LifecycleType.SUCCEEDED);
    } finally {
      end.countDown();
    }
  }

  @Test
  void aRequestThatComesTooLateIsNotRun() throws Exception {
    try (FakeEngine engine = FakeEngine.json("{}")) {
      rig.engine(engine.uri(), 4).dispatch(Settings.calls(Map.of()));
      String id = rig.sendOne(rig.request().setExpiresAt(Instant.now().minusMillis(1)));
      assertThat(rig.terminal(id).getType()).isEqualTo(LifecycleType.EXPIRED);
      assertThat(engine.calls()).isEmpty();
    }
  }
}
