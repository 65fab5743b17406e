package io.weir.launcher.bench;

import static io.weir.launcher.bench.FakeEndpoint.events;
import static io.weir.launcher.bench.FakeEndpoint.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.launcher.cli.Durations;
import io.weir.routing.engine.SimText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WHOLE =
      "{\"choices\":[{\"message\":{\"content\":\"hello\"}}],"
          + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5}}";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int bench(String url, String... options) {
    List<String> arguments = new ArrayList<>(List.of("--url", url));
    arguments.addAll(List.of(options));
    return new CommandLine(new BenchCommand())
        .registerConverter(Duration.class, new Durations())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  private JsonNode summary() throws IOException {
    return JSON.readTree(out.toString());
  }

  @Test
  void countsAnswersAndTheirTokens() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(json(200, WHOLE))) {
      int exit = bench(endpoint.url(), "--rate", "200", "--duration", "100ms", "--json");

      assertThat(exit).isZero();
      assertThat(summary().get("sent").asInt()).isEqualTo(20);
      assertThat(summary().get("answered").asInt()).isEqualTo(20);
      assertThat(summary().get("prompt_tokens").asInt()).isEqualTo(140);
      assertThat(summary().get("output_tokens").asInt()).isEqualTo(100);
      assertThat(summary().at("/e2e_ms/count").asInt()).isEqualTo(20);
      assertThat(summary().at("/ttft_ms/count").asInt()).isZero();
    }
  }

  @Test
  void measuresStreamsTokenByToken() throws IOException {
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            events(
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"b\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"c\"}}]}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":3}}",
                "[DONE]"))) {
      bench(endpoint.url(), "--clients", "1", "--duration", "1s", "--stream", "--json");

      int answered = summary().get("answered").asInt();
      assertThat(answered).isPositive();
      assertThat(summary().get("failed").asInt()).isZero();
      assertThat(summary().at("/ttft_ms/count").asInt()).isEqualTo(answered);
      assertThat(summary().at("/itl_ms/count").asInt()).isEqualTo(2 * answered);
      assertThat(summary().get("output_tokens").asInt()).isEqualTo(3 * answered);
      assertThat(endpoint.bodies.peek()).contains("\"stream\":true").contains("\"include_usage\"");
    }
  }

  @Test
  void sortsFailuresByKind() throws IOException {
    AtomicInteger number = new AtomicInteger();
    List<FakeEndpoint.Answer> answers =
        List.of(
            json(429, "{\"error\":{\"type\":\"x\",\"weir\":{\"reason\":\"queue_full\"}}}"),
            json(503, "<html>"),
            events("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}"),
            events("{\"error\":{\"code\":\"engine_failed\"}}", "[DONE]"));
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            (body, response) ->
                answers.get(number.getAndIncrement() % answers.size()).to(body, response))) {
      int exit = bench(endpoint.url(), "--rate", "40", "--duration", "200ms", "--stream", "--json");

      assertThat(exit).isEqualTo(1);
      assertThat(summary().get("failures"))
          .isEqualTo(
              JSON.readTree(
                  "{\"HTTP 429 queue_full\":2,\"HTTP 503 without a JSON body\":2,"
                      + "\"stream cut before [DONE]\":2,"
                      + "\"error in the stream: engine_failed\":2}"));
    }
  }

  @Test
  void aStallShowsInEveryRequestItDelays() throws IOException {
    // Given an endpoint that answers one request after another and stalls once
    AtomicInteger number = new AtomicInteger();
    Object turn = new Object();
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            (body, response) -> {
              synchronized (turn) {
                if (number.incrementAndGet() == 2) {
                  LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400));
                }
              }
              json(200, WHOLE).to(body, response);
            })) {
      // When requests are due all through the stall
      bench(endpoint.url(), "--rate", "100", "--duration", "500ms", "--json");
    }

    // Then the median is far above what one undelayed request takes
    assertThat(summary().get("answered").asInt()).isEqualTo(50);
    assertThat(summary().at("/e2e_ms/p50").asDouble()).isGreaterThan(100);
  }

  @Test
  void requestsBeyondTheOutstandingLimitFail() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger held = new AtomicInteger();
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            (body, response) -> {
              if (held.incrementAndGet() > 3) {
                release.countDown();
              }
              await(release);
              json(200, WHOLE).to(body, response);
            })) {
      bench(
          endpoint.url(),
          "--rate",
          "50",
          "--duration",
          "200ms",
          "--max-outstanding",
          "3",
          "--timeout",
          "500ms",
          "--json");
      release.countDown();

      assertThat(summary().get("sent").asInt()).isEqualTo(10);
      assertThat(summary().at("/failures/not sent: 3 requests were outstanding already").asInt())
          .isEqualTo(7);
    }
  }

  @Test
  void verifiesSimulatedAnswersAgainstTheirPrompts() throws IOException {
    // Given an engine whose second answer belongs to another prompt
    AtomicInteger number = new AtomicInteger();
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            (body, response) -> {
              String prompt = JSON.readTree(body).at("/messages/0/content").asText();
              String answered = number.getAndIncrement() == 1 ? "another" : prompt;
              json(200, simulated(answered, 5)).to(body, response);
            })) {
      bench(endpoint.url(), "--rate", "60", "--duration", "50ms", "--verify", "--json");

      assertThat(summary().get("answered").asInt()).isEqualTo(2);
      assertThat(summary().at("/failures/wrong answer: token not as expected").asInt())
          .isEqualTo(1);
    }
  }

  private static String simulated(String prompt, int tokens) {
    return "{\"choices\":[{\"message\":{\"content\":\""
        + SimText.answer(prompt, tokens)
        + "\"}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":"
        + tokens
        + "}}";
  }

  @Test
  void goodputCountsAnswersWithinTheGoals() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(json(200, WHOLE))) {
      bench(endpoint.url(), "--rate", "100", "--duration", "50ms", "--slo-e2e", "1us", "--json");
      assertThat(summary().get("good").asInt()).isZero();
    }
  }

  @Test
  void warmUpIsLeftOut() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(json(200, WHOLE))) {
      bench(endpoint.url(), "--rate", "100", "--warmup", "100ms", "--duration", "50ms", "--json");
      assertThat(summary().get("sent").asInt()).isEqualTo(5);
      assertThat(endpoint.bodies).hasSize(15);
    }
  }

  @Test
  void writesTextAndJsonFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("result.json");
    try (FakeEndpoint endpoint = new FakeEndpoint(json(200, WHOLE))) {
      bench(
          endpoint.url() + "/v1/",
          "--rate",
          "100",
          "--duration",
          "50ms",
          "--json",
          file.toString());
    }

    assertThat(out.toString()).startsWith("Requests   sent 5, answered 5 (").contains("E2E");
    assertThat(JSON.readTree(Files.readString(file)).at("/run/seed").asText()).isEqualTo("seed 1");
  }

  @Test
  void nothingListeningIsSaidAtOnce() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }

    int exit = bench("http://127.0.0.1:" + port);

    assertThat(exit).isNotZero();
    assertThat(err.toString()).contains("nothing answers at http://127.0.0.1:" + port);
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThat(bench("http://127.0.0.1:1", "--rate", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--rate must be positive");
    assertThat(bench("http://127.0.0.1:1", "--rate", "1", "--clients", "2")).isEqualTo(2);
    assertThat(bench("http://127.0.0.1:1", "--duration", "10")).isEqualTo(2);
    assertThat(err.toString()).contains("'10' is not a duration");
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("never released");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
