package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RequestClass;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that go well, through a real broker. */
class IngressTest {
  private static Rig rig;
  private static Ingress ingress;

  @BeforeAll
  static void start(@TempDir Path directory) throws InterruptedException {
    rig = new Rig(directory);
    ingress = rig.ingress();
  }

  @AfterAll
  static void stop() {
    ingress.close();
    rig.close();
  }

  @BeforeEach
  void quiet() {
    rig.dispatcher.onRequest(request -> {});
  }

  @Test
  void aRequestComesThroughByteForByteAndSoDoesItsAnswer() throws Exception {
    // Given
    String body =
        "{ \"model\" : \"llama\",\n \"x_unknown\":{\"a\":[1,2.50,\"é😀\\u00e9\"]}, \"messages\":[] }";
    String answer = "{\"choices\":[ ],\"ümläut\":\"😀\"}\n";
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a1")
                .whole(200, "application/json; charset=utf-8", answer.getBytes(UTF_8)));

    // When
    HttpResponse<byte[]> response = Client.post(ingress, Client.CHAT, body);

    // Then
    InferenceRequest sent = rig.dispatcher.take();
    assertThat(UTF_8.decode(sent.getBody().duplicate()).toString()).isEqualTo(body);
    assertThat(
            UTF_8
                .decode(sent.getBody().slice(sent.getPromptOffset(), sent.getPromptBytes()))
                .toString())
        .isEqualTo("[]");
    assertThat(sent.getPath()).isEqualTo(Client.CHAT);
    assertThat(sent.getPool()).isEqualTo("llama");
    assertThat(sent.getTenant()).isEqualTo("default");
    assertThat(sent.getRequestClass()).isEqualTo(RequestClass.STANDARD);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Client.text(response)).isEqualTo(answer);
    assertThat(response.headers().map())
        .containsEntry("x-request-id", List.of(sent.getId()))
        .containsEntry("x-weir-engine", List.of("engine-1"))
        .containsEntry("x-weir-attempts", List.of("1"))
        .containsEntry("x-weir-queue-ms", List.of("7"))
        .containsEntry("x-weir-weights-version", List.of("1/2"))
        .containsEntry("x-weir-weights-stale", List.of("true"))
        .containsEntry("content-type", List.of("application/json; charset=utf-8"));
  }

  @Test
  void theConnectionIsClosedWhenTheClientAsksForThat() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .head(200, "text/event-stream")
                .events("data: [DONE]\n\n", 1)
                .end());

    // When: the reader waits for the end of the connection, and less long than it may be idle
    String health =
        Client.raw(ingress, "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    String stream =
        Client.raw(
            ingress,
            "POST "
                + Client.CHAT
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 31\r\n\r\n"
                + "{\"model\":\"llama\",\"stream\":true}");

    // Then
    assertThat(health).startsWith("HTTP/1.1 200 ").contains("Connection: close\r\n");
    assertThat(stream).startsWith("HTTP/1.1 200 ").endsWith("0\r\n\r\n");
  }

  @Test
  void anEmbeddingIsNeverAStream() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher.attempt(request, "a").whole(200, "application/json", new byte[] {'1'}));

    // When
    HttpResponse<byte[]> response =
        Client.post(
            ingress, "/v1/embeddings", "{\"model\":\"llama\",\"input\":\"x\",\"stream\":true}");

    // Then
    assertThat(rig.dispatcher.take().getStream()).isFalse();
    assertThat(Client.text(response)).isEqualTo("1");
  }

  @Test
  void whoeverIsSentAwayForNowIsToldWhenToComeAgain() throws Exception {
    // Given: an engine that answered 429 without Retry-After
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .fail(new Failure("engine_overloaded", "full", 503, true, false, null, Map.of())));

    // When
    HttpResponse<byte[]> response = Client.post(ingress, Client.CHAT, "{\"model\":\"llama\"}");

    // Then
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).contains("1");
    assertThat(response.headers().firstValue("retry-after-ms")).contains("1000");
  }

  @Test
  void headersBecomeFieldsOfTheRequest() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher.attempt(request, "a").whole(200, "application/json", new byte[] {'1'}));

    // When
    HttpResponse<byte[]> response =
        Client.send(
            Client.request(ingress, "/v1/completions")
                .header("x-weir-session", "s-1")
                .header("x-weir-deadline-ms", "60000")
                .header("traceparent", "00-1-2-01")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"meta-llama/Llama-3\",\"service_tier\":\"flex\",\"prompt\":\"12345678\",\"max_tokens\":7,\"n\":2}"))
                .build());

    // Then
    InferenceRequest sent = rig.dispatcher.take();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(sent.getModel()).isEqualTo("meta-llama/Llama-3");
    assertThat(sent.getAffinity()).isEqualTo("s-1");
    assertThat(sent.getRequestClass()).isEqualTo(RequestClass.FLEX);
    assertThat(sent.getTraceparent()).contains("00-1-2-01");
    assertThat(sent.getOutputTokens()).isEqualTo(14);
    assertThat(sent.getExpiresAt()).isEqualTo(sent.getEnqueuedAt().plusSeconds(60));
  }

  @Test
  void aStreamCarriesIdsAndTheEnginesBytes() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request -> {
          FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "att");
          attempt.head(200, "text/event-stream");
          attempt.events("data: {\"é\":1}\n\n", 1);
          attempt.events("data: 2\n\ndata: 3\n\n", 2);
          attempt.events("data: [DONE]\n\n", 1);
          attempt.end();
        });

    // When
    HttpResponse<byte[]> response =
        Client.post(ingress, Client.CHAT, "{\"model\":\"llama\",\"stream\":true}");

    // Then
    assertThat(Client.text(response))
        .isEqualTo(
            "id: att.0\ndata: {\"é\":1}\n\nid: att.1\ndata: 2\n\nid: att.2\ndata: 3\n\nid: att.3\ndata: [DONE]\n\n");
    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(response.headers().firstValue("cache-control")).contains("no-cache");
    assertThat(response.headers().firstValue("x-weir-engine")).contains("engine-1");
  }

  @Test
  void anEnginesRefusalOfAStreamKeepsItsStatusAndBody() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .whole(422, "application/json", "{\"error\":1}".getBytes(UTF_8)));

    // When
    HttpResponse<byte[]> response =
        Client.post(ingress, Client.CHAT, "{\"model\":\"llama\",\"stream\":true}");

    // Then
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(Client.text(response)).isEqualTo("{\"error\":1}");
  }

  @Test
  void bodiesOfAMebibyteComeThroughBothWays() throws Exception {
    // Given
    String text = "ab é😀".repeat((1 << 20) / 9);
    String body = "{\"model\":\"llama\",\"input\":\"" + text + "\"}";
    rig.dispatcher.onRequest(
        request -> {
          byte[] bytes = new byte[request.getBody().remaining()];
          request.getBody().get(request.getBody().position(), bytes);
          FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
          attempt.head(200, "application/json");
          for (int at = 0; at < bytes.length; at += 100_000) {
            attempt.data(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 100_000)), 0);
          }
          attempt.end();
        });

    // When
    HttpResponse<byte[]> response = Client.post(ingress, "/v1/embeddings", body);

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Client.text(response)).isEqualTo(body);
  }

  @Test
  void aChunkedRequestBodyComesThrough() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request -> {
          byte[] bytes = new byte[request.getBody().remaining()];
          request.getBody().get(request.getBody().position(), bytes);
          rig.dispatcher.attempt(request, "a").whole(200, "application/json", bytes);
        });
    String body = "{\"model\":\"llama\",\"x\":\"" + "y".repeat(600_000) + "\"}";

    // When
    HttpResponse<byte[]> response =
        Client.send(
            Client.request(ingress, Client.CHAT)
                .expectContinue(true)
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(UTF_8))))
                .build());

    // Then
    assertThat(Client.text(response)).isEqualTo(body);
  }

  @Test
  void aFailureBeforeAnyByteBecomesItsStatus() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .fail(
                    new Failure(
                        "engine_unreachable", "No engine.", 502, true, false, 1_500L, Map.of())));

    // When
    HttpResponse<byte[]> response = Client.post(ingress, Client.CHAT, "{\"model\":\"llama\"}");

    // Then
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.headers().firstValue("retry-after")).contains("2");
    assertThat(response.headers().firstValue("retry-after-ms")).contains("1500");
    assertThat(Client.error(response.body()).at("/weir/reason").asText())
        .isEqualTo("engine_unreachable");
    assertThat(Client.error(response.body()).at("/weir/retry_safe").asBoolean()).isTrue();
    assertThat(Client.error(response.body()).at("/weir/request_id").asText())
        .isEqualTo(response.headers().firstValue("x-request-id").orElseThrow());
  }

  @Test
  void aStreamThatBreaksEndsWithAnErrorEvent() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request -> {
          FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
          attempt.head(200, "text/event-stream").events("data: 1\n\n", 1);
          attempt.fail(new Failure("engine_died", "It died.", 502, false, true, null, Map.of()));
        });

    // When
    HttpResponse<byte[]> response =
        Client.post(ingress, Client.CHAT, "{\"model\":\"llama\",\"stream\":true}");

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Client.text(response))
        .startsWith("id: a.0\ndata: 1\n\ndata: {\"error\":{\"message\":\"It died.\"")
        .doesNotContain("[DONE]");
  }

  @Test
  void onlyTheFirstAttemptsTextIsTheAnswer() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request -> {
          FakeDispatcher.Attempt first = rig.dispatcher.attempt(request, "a");
          FakeDispatcher.Attempt second = rig.dispatcher.attempt(request, "b");
          first.head(200, "text/plain");
          second.head(200, "application/json");
          second.data("{");
          first.data("not this");
          second.data("}");
          first.end();
          second.end();
        });

    // When
    HttpResponse<byte[]> response = Client.post(ingress, Client.CHAT, "{\"model\":\"llama\"}");

    // Then
    assertThat(Client.text(response)).isEqualTo("{}");
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
  }

  @Test
  void modelsAreListedAndFound() throws Exception {
    assertThat(Client.json(Client.get(ingress, "/v1/models").body()).at("/data/3/id").asText())
        .isEqualTo("meta-llama/Llama-3");
    assertThat(
            Client.json(Client.get(ingress, "/v1/models/meta-llama/Llama-3").body())
                .at("/owned_by")
                .asText())
        .isEqualTo("weir");
    assertThat(Client.get(ingress, "/health/live").statusCode()).isEqualTo(200);
    assertThat(Client.get(ingress, "/health/ready").statusCode()).isEqualTo(200);
    assertThat(Client.text(Client.get(ingress, "/metrics")))
        .contains("weir_ingress_running", "weir_ingress_connections");
  }
}
