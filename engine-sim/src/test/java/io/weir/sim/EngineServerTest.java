package io.weir.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import io.weir.routing.engine.SimText;
import io.weir.routing.engine.SimText.Verdict.Intact;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineServerTest {
  private static final String CHAT = "/v1/chat/completions";

  @Test
  void manyStreamsAtOnceAreAllWhole() throws Exception {
    int streams = 200;
    int tokens = 100;
    try (EngineServer server = EngineClient.start(Map.of("speed", "2"));
        EngineClient client = new EngineClient(server)) {
      // When
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        String body =
            EngineClient.chat("prompt " + i, ",\"max_tokens\":" + tokens + ",\"stream\":true");
        answers.add(
            client.http().sendAsync(client.request("POST", CHAT, body), BodyHandlers.ofString()));
      }

      // Then
      for (int i = 0; i < streams; i++) {
        String text = EngineClient.text(EngineClient.events(answers.get(i).get().body()));
        assertThat(SimText.verify("prompt " + i, text, tokens)).isEqualTo(new Intact(tokens));
      }
      assertThat(server.signals().running()).isZero();
      assertThat(server.signals().kvUsage()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientThatLeavesFreesItsPlace(boolean stream) throws Exception {
    try (EngineServer server = EngineClient.start(Map.of())) {
      // Given
      try (RawClient raw = new RawClient(server)) {
        raw.post(CHAT, EngineClient.chat("q", ",\"max_tokens\":100000,\"stream\":" + stream), "");
        await().untilAsserted(() -> assertThat(server.signals().running()).isEqualTo(1));
        if (stream) {
          raw.readUntil("0:");
        }
        // When it leaves
      }

      // Then
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(server.signals().running()).isZero());
      assertThat(server.signals().kvUsage()).isZero();
    }
  }

  @Test
  void requestsOnOneConnectionFollowEachOther() throws Exception {
    try (EngineServer server = EngineClient.start(Map.of("speed", "50"));
        RawClient raw = new RawClient(server)) {
      // When two are sent at once and a third after their answers
      String first = EngineClient.chat("one", ",\"max_tokens\":3");
      raw.post(CHAT, first, "");
      raw.post(CHAT, EngineClient.chat("two", ",\"max_tokens\":3"), "");

      // Then
      raw.readUntil(SimText.answer("one", 3));
      raw.readUntil(SimText.answer("two", 3));
      raw.post(CHAT, EngineClient.chat("three", ",\"max_tokens\":3,\"stream\":true"), "");
      raw.readUntil("[DONE]");
    }
  }

  @Test
  void fullQueueRefusesMore() throws Exception {
    try (EngineServer server = EngineClient.start(Map.of("max-num-seqs", "1", "max-waiting", "2"));
        EngineClient client = new EngineClient(server)) {
      // Given one running and two waiting
      List<RawClient> others = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RawClient raw = new RawClient(server);
        others.add(raw);
        raw.post(CHAT, EngineClient.chat("q", ",\"max_tokens\":100000"), "");
        int there = i + 1;
        await()
            .untilAsserted(
                () ->
                    assertThat(server.signals().running() + server.signals().waiting())
                        .isEqualTo(there));
      }

      // When
      HttpResponse<String> response = client.post(CHAT, EngineClient.chat("q", ""));

      // Then
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("retry-after")).contains("1");
      for (RawClient raw : others) {
        raw.close();
      }
    }
  }

  @Test
  void closingEndsWithinTwoSecondsWhateverIsRunning() throws Exception {
    // Given a stream, a hung request and an idle connection
    EngineServer server = EngineClient.start(Map.of());
    try (RawClient stream = new RawClient(server);
        RawClient hung = new RawClient(server);
        RawClient idle = new RawClient(server)) {
      stream.post(CHAT, EngineClient.chat("q", ",\"max_tokens\":100000,\"stream\":true"), "");
      stream.readUntil("0:");
      server.faults().add(new Fault.Hang(), 1, 1);
      hung.post(CHAT, EngineClient.chat("q", ""), "");
      await()
          .untilAsserted(
              () -> assertThat(server.faults().list().getFirst().remaining().get()).isZero());

      // When, then
      CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
      assertThat(closed).succeedsWithin(Duration.ofSeconds(2));
      assertThat(idle.readToEnd()).isEmpty();
      assertThat(threads()).noneMatch(name -> name.startsWith("weir-sim-llama"));
    }
  }

  @Test
  void modelsAreListedWithTheirAliases() throws Exception {
    EngineServerConfig config = Configs.defaults(EngineServerConfig.class);
    try (EngineServer server = EngineServer.start(config);
        EngineClient client = new EngineClient(server)) {
      JsonNode list = EngineClient.json(client.get("/v1/models"));

      assertThat(list.path("object").asText()).isEqualTo("list");
      assertThat(list.at("/data/0/id").asText()).isEqualTo("llama-3-8b");
      assertThat(list.at("/data/0/max_model_len").asInt()).isEqualTo(131_072);
      assertThat(EngineClient.json(client.get("/v1/models/llama-3-8b")).path("id").asText())
          .isEqualTo("llama-3-8b");
      assertThat(client.get("/v1/models/other").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void defaultsAreThese() {
    assertThat(Configs.defaults(EngineServerConfig.class))
        .hasToString(
            "EngineServerConfig[host=127.0.0.1, port=0, model=llama-3-8b, aliases=[],"
                + " timing=BATCHING, profile=h100-llama-3-8b, speed=1.0,"
                + " maxNumSeqs=Optional.empty, maxModelLen=Optional.empty, hostBlocks=0,"
                + " maxWaiting=4096, defaultOutputTokens=128, embeddingDimensions=384,"
                + " maxBody=64MiB, maxConnections=8192, roundTrips={}, apiKey=Optional.empty]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "port=70000",
        "profile=tpu",
        "speed=0",
        "model= ",
        "max-waiting=0",
        "max-num-seqs=0",
        "max-model-len=500000",
        "embedding-dimensions=0"
      })
  void badValuesNameTheirKey(String pair) {
    String key = pair.substring(0, pair.indexOf('='));
    assertThatThrownBy(
            () ->
                Configs.with(
                    EngineServerConfig.class, Map.of(key, pair.substring(pair.indexOf('=') + 1))))
        .isInstanceOfSatisfying(
            ConfigException.class, problem -> assertThat(problem.key()).isEqualTo(key));
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toList());
  }
}
