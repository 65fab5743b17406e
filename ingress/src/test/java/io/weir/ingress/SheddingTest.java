package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LaneLoad;
import io.weir.schemas.LanePosition;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.Topics;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told of a queue that dispatchers tell of. */
class SheddingTest {
  private static final String CHAT = "{\"model\":\"llama\",\"max_tokens\":40,\"messages\":[]}";
  private static final String STREAM =
      "{\"model\":\"llama\",\"stream\":true,\"max_tokens\":40,\"messages\":[]}";

  private static final Map<String, LifecycleEvent> SHED = new ConcurrentHashMap<>();
  private static Rig rig;
  private static FakeController controller;
  private static TopicFollower lifecycle;
  private static Ingress ingress;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    rig = new Rig(directory);
    controller = new FakeController(rig.kafka.settings(), "controller-1");
    lifecycle =
        TopicFollower.start(
            rig.kafka.settings(),
            "seen-sheds",
            List.of(Topics.lifecycle()),
            TopicFollower.Start.BEGINNING,
            record -> {
              if (record.value() instanceof LifecycleEvent event
                  && event.getType() == LifecycleType.SHED) {
                SHED.put(event.getRequestId(), event);
              }
            });
    ingress = rig.ingress(Rig.config(List.of(), Map.of(), Map.of("comment", "200ms")));
  }

  @AfterAll
  static void stop() {
    ingress.close();
    lifecycle.close();
    controller.close();
    rig.close();
  }

  @BeforeEach
  void answerAtOnce() {
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .whole(200, "application/json", "{}".getBytes(UTF_8)));
  }

  private static LaneLoad lane(int ready, double tokens, LanePosition... partitions) {
    return new LaneLoad(RequestClass.STANDARD, ready, tokens, 100.0, List.of(partitions));
  }

  private static void waiting(double drain, LaneLoad lane) {
    rig.loads =
        List.of(
            new PoolLoad("llama", 0, List.of(), drain, 0, 0, List.of(lane), List.of()),
            Rig.idle("llama-next"));
  }

  @Test
  void whoIsTurnedAwayIsToldWhyAndWhenToComeBack() throws Exception {
    // Given a queue of 24 seconds
    waiting(100_000, lane(240, 2_400_000));
    AtomicReference<HttpResponse<byte[]>> answer = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              answer.set(Client.post(ingress, Client.CHAT, CHAT));
              return answer.get().statusCode() == 429;
            });

    // Then
    HttpResponse<byte[]> shed = answer.get();
    long millis = Long.parseLong(shed.headers().firstValue("retry-after-ms").orElseThrow());
    assertThat(millis).isBetween(10_000L, 30_000L);
    assertThat(shed.headers().firstValue("retry-after"))
        .hasValue(Long.toString((millis + 999) / 1000));
    JsonNode error = Client.error(shed.body());
    assertThat(error.get("type").asText()).isEqualTo("rate_limit_error");
    assertThat(error.get("message").asText()).contains("llama", "standard", "1600 ms");
    JsonNode weir = error.get("weir");
    assertThat(weir.get("reason").asText()).isEqualTo("queue_delay");
    assertThat(weir.get("retry_safe").asBoolean()).isTrue();
    assertThat(weir.get("work_started").asBoolean()).isFalse();
    assertThat(weir.get("numbers").get("drain_per_second").asDouble()).isEqualTo(100_000);
    assertThat(weir.get("numbers").get("limit_ms").asDouble()).isEqualTo(1600);
    assertThat(weir.get("numbers").get("wait_ms").asDouble()).isBetween(10_000.0, 25_000.0);

    // And the lifecycle hears of it under the id that the client has
    String id = shed.headers().firstValue("x-request-id").orElseThrow();
    await().atMost(Duration.ofSeconds(20)).until(() -> SHED.containsKey(id));
    assertThat(SHED.get(id).getFailure().orElseThrow().getNumbers())
        .containsEntry("limit_ms", 1600.0);
    assertThat(SHED.get(id).getRequest().orElseThrow().getPointer()).isEmpty();
    assertThat(Client.text(Client.get(ingress, "/metrics")))
        .containsPattern(
            "weir_ingress_shed_total\\{class=\"standard\",reason=\"queue_delay\",tenant_bucket=\"\\d+\"}");

    // And when the queue is gone all is well
    waiting(1e9, lane(0, 0));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Client.post(ingress, Client.CHAT, CHAT).statusCode() == 200);
  }

  @Test
  void aWatchedRequestSaysWhenItMustHaveBegunAndWhatItIsExpectedToTake() throws Exception {
    waiting(1e9, lane(0, 0));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Client.post(ingress, Client.CHAT, CHAT).statusCode() == 200);
    answerAtOnce();

    Client.post(ingress, Client.CHAT, CHAT);
    InferenceRequest request = rig.dispatcher.take();
    assertThat(request.getStartBy()).hasValue(request.getEnqueuedAt().plusSeconds(2));
    assertThat(request.getOutputLimit()).hasValue(40);
    assertThat(request.getOutputTokens()).isEqualTo(40);

    answerAtOnce();
    Client.send(
        Client.request(ingress, Client.CHAT)
            .header("Prefer", "respond-async")
            .POST(HttpRequest.BodyPublishers.ofString(CHAT))
            .build());
    assertThat(rig.dispatcher.take().getStartBy()).isEmpty();
  }

  @Test
  void whoWaitsIsToldItsPlace() throws Exception {
    // Given a request that waits for its engine, and a dispatcher that tells of others before it
    waiting(1e9, lane(0, 0));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Client.post(ingress, Client.CHAT, CHAT).statusCode() == 200);
    rig.dispatcher.onRequest(request -> {});
    HttpResponse<InputStream> stream =
        Client.open(
            Client.request(ingress, Client.CHAT)
                .POST(HttpRequest.BodyPublishers.ofString(STREAM))
                .build());
    InferenceRequest request = rig.dispatcher.take();
    LanePosition[] unread = new LanePosition[4];
    for (int i = 0; i < unread.length; i++) {
      unread[i] = new LanePosition(i, 0L, 100L);
    }
    waiting(100_000, lane(10, 1_000, unread));

    // Then its comments say so
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
      String line = lines.readLine();
      while (line != null && !line.contains("position=")) {
        line = lines.readLine();
      }
      assertThat(line).matches(": queued position=\\d+ eta-ms=\\d+ waited-ms=\\d+");

      // And so does its state, while no dispatcher has taken it
      String lane = Topics.requests("here", "llama", RequestClass.STANDARD);
      controller.waits(request, new RecordPointer(lane, 0, 50L));
      JsonNode state = Client.json(Client.get(ingress, "/v1/requests/" + request.getId()).body());
      assertThat(state.get("status").asText()).isEqualTo("queued");
      // Ten are ready, and half of 400 are before it
      assertThat(state.get("queue").get("position").asLong()).isEqualTo(211);
      assertThat(state.get("queue").get("eta_ms").asLong()).isEqualTo(210);
      rig.dispatcher
          .attempt(request, "a")
          .head(200, "text/event-stream")
          .events("data: 1\n\n", 1)
          .end();
    }
  }
}
