package io.weir.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.routing.engine.SimText;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String FAULTS = "/admin/faults";

  private final EngineServer batching = EngineClient.start(Map.of("speed", "50"));
  private final EngineServer instant = EngineClient.start(Map.of("timing", "instant"));
  private EngineClient client;

  @BeforeAll
  void connect() {
    client = new EngineClient(batching);
  }

  @AfterEach
  void clear() {
    batching.faults().clear();
    instant.faults().clear();
  }

  @AfterAll
  void stop() {
    client.close();
    batching.close();
    instant.close();
  }

  @Test
  void refusedConnectionsAreClosedWithoutAnAnswerUntilCleared() throws Exception {
    client.post(FAULTS, "{\"kind\":\"refuse\"}");

    assertThatThrownBy(() -> chat("")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> client.get("/health")).isInstanceOf(IOException.class);

    assertThat(client.send("DELETE", FAULTS, "").statusCode()).isEqualTo(200);
    assertThat(chat("").statusCode()).isEqualTo(200);
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void statusComesWithRetryAfterForTheNextRequestsOnly() throws Exception {
    client.post(FAULTS, "{\"kind\":\"status\",\"status\":429,\"retry_after\":7,\"count\":2}");

    HttpResponse<String> first = chat("");
    HttpResponse<String> second = chat("");
    HttpResponse<String> third = chat("");

    assertThat(first.statusCode()).isEqualTo(429);
    assertThat(first.headers().firstValue("retry-after")).contains("7");
    assertThat(EngineClient.json(first).at("/error/type").asText()).isEqualTo("rate_limit_error");
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(third.statusCode()).isEqualTo(200);
    assertThat(batching.faults().list()).isEmpty();
  }

  @Test
  void unhealthyEngineStillServes() throws Exception {
    batching.faults().add(new Fault.Unhealthy());

    assertThat(client.get("/health").statusCode()).isEqualTo(503);
    assertThat(chat("").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void streamBreaksAfterSomeTokens(boolean timed) throws Exception {
    EngineServer server = timed ? batching : instant;
    server.faults().add(new Fault.Die(5), 1, 1);

    try (RawClient raw = new RawClient(server)) {
      raw.post(CHAT, EngineClient.chat("q", ",\"max_tokens\":50,\"stream\":true"), "");
      String read = raw.readToEnd();

      String fifth = SimText.answer("q", 5).split(" ", -1)[4];
      String sixth = SimText.answer("q", 6).split(" ", -1)[5];
      assertThat(read).contains(fifth).doesNotContain(sixth).doesNotContain("[DONE]");
      assertThat(read).doesNotEndWith("0\r\n\r\n");
    }
    await().untilAsserted(() -> assertThat(server.signals().running()).isZero());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 1000})
  void answerThatIsNotStreamedBreaksBeforeItsFirstByte(int afterTokens) throws Exception {
    for (EngineServer server : new EngineServer[] {batching, instant}) {
      server.faults().add(new Fault.Die(afterTokens), 1, 1);
      try (RawClient raw = new RawClient(server)) {
        raw.post(CHAT, EngineClient.chat("q", ",\"max_tokens\":10"), "");
        assertThat(raw.readToEnd()).isEmpty();
      }
    }
  }

  @Test
  void hangingRequestGoesOnWhenTheFaultIsCleared() throws Exception {
    // Given
    batching.faults().add(new Fault.Hang(), 1, 1);

    // When
    CompletableFuture<HttpResponse<String>> hung =
        client
            .http()
            .sendAsync(
                client.request("POST", CHAT, EngineClient.chat("q", ",\"max_tokens\":3")),
                BodyHandlers.ofString());
    await()
        .untilAsserted(
            () -> assertThat(batching.faults().list().getFirst().remaining().get()).isZero());

    // Then others are served, it is not
    assertThat(chat("").statusCode()).isEqualTo(200);
    assertThat(hung).isNotDone();
    batching.faults().clear();
    assertThat(hung).succeedsWithin(Duration.ofSeconds(5));
    assertThat(hung.join().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void garbageIsNoAnswer(Fault.Garbage.Layer layer) throws Exception {
    batching.faults().add(new Fault.Garbage(layer), 1, 1);

    try (RawClient raw = new RawClient(batching)) {
      raw.post(CHAT, EngineClient.chat("q", ",\"stream\":true"), "");
      String read = raw.readToEnd();

      switch (layer) {
        case HTTP -> assertThat(read).isNotEmpty().doesNotStartWith("HTTP");
        case JSON -> assertThat(read).startsWith("HTTP/1.1 200").endsWith("{\"id\":\"chatcmpl-");
        case SSE ->
            assertThat(read).contains("text/event-stream").contains("[{{").doesNotContain("DONE");
      }
    }
  }

  @Test
  void slowEngineTakesLongerIterations() throws Exception {
    // Given 0.15 ms an iteration at this speed
    client.post(FAULTS, "{\"kind\":\"slow\",\"factor\":1000}");

    // When two are needed
    long begun = System.nanoTime();
    chat("");

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(300));
  }

  @Test
  void probabilityHitsSomeRequests() {
    int[] met = {0};
    batching.faults().add(new Fault.Refuse(), Faults.UNLIMITED, .5);
    for (int i = 0; i < 1000; i++) {
      batching.faults().meet().ifPresent(fault -> met[0]++);
    }

    assertThat(met[0]).isBetween(350, 650);
    assertThat(batching.faults().refusing()).isFalse();
  }

  @Test
  void faultsAreListedAndClearedById() throws Exception {
    int first =
        EngineClient.json(client.post(FAULTS, "{\"kind\":\"hang\",\"count\":3}"))
            .path("id")
            .asInt();
    client.post(FAULTS, "{\"kind\":\"unhealthy\"}");

    JsonNode list = EngineClient.json(client.get(FAULTS)).path("faults");
    assertThat(list).hasSize(2);
    assertThat(list.at("/0/kind").asText()).isEqualTo("hang");
    assertThat(list.at("/0/remaining").asInt()).isEqualTo(3);
    assertThat(list.at("/1/remaining").isNull()).isTrue();

    HttpResponse<String> left = client.send("DELETE", FAULTS + "/" + first, "");
    assertThat(EngineClient.json(left).path("faults")).hasSize(1);
    assertThat(client.send("DELETE", FAULTS + "/" + first, "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"kind":"melt"} | refuse, status
          {"kind":"status","status":200} | 400 to 599
          {"kind":"slow","factor":2,"count":3} | whole engine
          {"kind":"hang","probability":2} | (0, 1]
          {"kind":"die","after":2} | has no after
          {"kind":"garbage","layer":"tcp"} | http, json or sse
          {"kind":"die","after_tokens":"few"} | must be a number
          [] | JSON object
          """)
  void nonsensicalFaultsAreRefused(String body, String says) throws Exception {
    HttpResponse<String> response = client.post(FAULTS, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(EngineClient.json(response).at("/error/message").asText()).contains(says);
    assertThat(batching.faults().list()).isEmpty();
  }

  private HttpResponse<String> chat(String more) throws IOException, InterruptedException {
    return client.post(CHAT, EngineClient.chat("q", ",\"max_tokens\":2" + more));
  }
}
