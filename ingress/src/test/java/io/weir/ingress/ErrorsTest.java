package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything a client can get wrong, and that it is told so in one shape. */
class ErrorsTest {
  private static Rig rig;
  private static Ingress ingress;

  @BeforeAll
  static void start(@TempDir Path directory) throws InterruptedException {
    rig = new Rig(directory);
    ingress =
        rig.ingress(
            Rig.config(
                List.of(
                    new ApiKey(
                        HexFormat.of().formatHex(Authenticator.sha256("sk-1".getBytes(UTF_8))),
                        "acme")),
                Map.of("body", "64KiB", "headers", "8KiB", "json-depth", "20"),
                Map.of("headers", "500ms", "body", "500ms", "idle", "1s", "grace", "100ms")));
  }

  @AfterAll
  static void stop() {
    ingress.close();
    rig.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"messages":[]}                        | 400 | model        | invalid_value
          {"model":7}                            | 400 | model        | invalid_value
          {"model":" "}                          | 400 | model        | invalid_value
          {"model":"llama","model":"llama"}      | 400 | model        | invalid_value
          {"model":"llama","stream":"yes"}       | 400 | stream       | invalid_value
          {"model":"llama","service_tier":"x"}   | 400 | service_tier | invalid_value
          {"model":"llama","max_tokens":-1}      | 400 | max_tokens   | invalid_value
          {"model":"llama","n":1.5}              | 400 | n            | invalid_value
          {"model":"gpt-none"}                   | 404 | model        | model_not_found
          ["model"]                              | 400 |              | invalid_json
          {"model":"llama",}                     | 400 |              | invalid_json
          {"model":"llama"} {}                   | 400 |              | invalid_json
          {"model":"llama","a":"\\x"}            | 400 |              | invalid_json
          {"a":[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]} | 400 | | invalid_json
          ``                                     | 400 |              | invalid_json
          """)
  void aBadBodyIsRefusedByName(String body, int status, String param, String code)
      throws Exception {
    // When
    HttpResponse<byte[]> response = post(body == null ? "" : body);

    // Then
    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode error = Client.error(response.body());
    assertThat(error.get("param").asText(null)).isEqualTo(param);
    assertThat(error.get("code").asText()).isEqualTo(code);
    assertShape(error);
    assertThat(response.headers().firstValue("x-request-id"))
        .contains(error.at("/weir/request_id").asText());
  }

  @Test
  void badJsonIsToldWhere() throws Exception {
    assertThat(
            Client.error(post("{\"model\":\"llama\",\n \"messages\":[}").body())
                .get("message")
                .asText())
        .contains("line 2, column 14");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "soon", "86400001", "99999999999999999999"})
  void aBadDeadlineIsRefused(String deadline) throws Exception {
    HttpResponse<byte[]> response =
        Client.send(
            authorized(Client.CHAT)
                .header("x-weir-deadline-ms", deadline)
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"llama\"}"))
                .build());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Client.error(response.body()).get("param").asText()).isEqualTo("x-weir-deadline-ms");
  }

  @Test
  void keysAreRequired() throws Exception {
    for (HttpRequest.Builder request :
        List.of(
            Client.request(ingress, Client.CHAT),
            Client.request(ingress, Client.CHAT).header("authorization", "Bearer sk-2"),
            Client.request(ingress, Client.CHAT).header("authorization", "Basic sk-1"))) {
      HttpResponse<byte[]> response =
          Client.send(request.POST(HttpRequest.BodyPublishers.ofString("{}")).build());
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(Client.error(response.body()).get("code").asText()).isEqualTo("invalid_api_key");
      assertShape(Client.error(response.body()));
    }
    assertThat(Client.get(ingress, "/v1/models").statusCode()).isEqualTo(401);
    assertThat(Client.get(ingress, "/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void aKeysTenantIsTheRequests() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher.attempt(request, "a").whole(200, "application/json", new byte[] {'1'}));

    // When
    HttpResponse<byte[]> response = post("{\"model\":\"llama\"}");

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(rig.dispatcher.take().getTenant()).isEqualTo("acme");
  }

  @Test
  void wrongMethodsPathsAndTypesAreRefused() throws Exception {
    HttpResponse<byte[]> method = Client.send(authorized(Client.CHAT).GET().build());
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("allow")).contains("POST");
    assertShape(Client.error(method.body()));

    HttpResponse<byte[]> path = Client.send(authorized("/v1/nothing").GET().build());
    assertThat(path.statusCode()).isEqualTo(404);
    assertShape(Client.error(path.body()));

    HttpResponse<byte[]> type =
        Client.send(
            authorized(Client.CHAT)
                .setHeader("content-type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"llama\"}"))
                .build());
    assertThat(type.statusCode()).isEqualTo(415);
    assertShape(Client.error(type.body()));
    assertThat(Client.send(authorized("/v1/models/none").GET().build()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void tooLargeABodyIsRefusedHoweverItIsSent() throws Exception {
    byte[] large =
        ("{\"model\":\"llama\",\"x\":\"" + "y".repeat(3_000_000) + "\"}").getBytes(UTF_8);
    HttpResponse<byte[]> announced =
        Client.send(
            authorized(Client.CHAT).POST(HttpRequest.BodyPublishers.ofByteArray(large)).build());
    assertThat(announced.statusCode()).isEqualTo(413);
    assertThat(Client.error(announced.body()).get("message").asText()).contains("65536 bytes");
    assertShape(Client.error(announced.body()));

    HttpResponse<byte[]> chunked =
        Client.send(
            authorized(Client.CHAT)
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build());
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertShape(Client.error(chunked.body()));
  }

  @Test
  void aBodyOnTheLimitIsTaken() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher.attempt(request, "a").whole(200, "application/json", new byte[] {'1'}));
    String frame = "{\"model\":\"llama\",\"x\":\"\"}";
    String body = "{\"model\":\"llama\",\"x\":\"" + "y".repeat((64 << 10) - frame.length()) + "\"}";

    // When / Then
    assertThat(post(body).statusCode()).isEqualTo(200);
    assertThat(post(body.replace("yy", "yyy")).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GARBAGE\\r\\n\\r\\n                                       | 400
          (no) /v1/models HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n            | 400
          \\0\\1\\2\\r\\n\\r\\n                          | 400
          GET /v1/models HTTP/1.0\\r\\n\\r\\n                        | 505
          GET /v1/models HTTP/1.1\\r\\nBad Header\\r\\n\\r\\n        | 400
          GET /v1/models HTTP/1.1\\r\\n\\r\\n                        | 400
          POST /v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: ten\\r\\n\\r\\n | 400
          POST /v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 2\\r\\nContent-Encoding: gzip\\r\\n\\r\\n{} | 415
          POST /v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n0\\r\\n\\r\\n | 501
          POST /v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer sk-1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n | 400
          POST /v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer sk-1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n7fffffff\\r\\n | 413
          """)
  void malformedHttpIsAnsweredInTheSameShape(String request, int status) throws Exception {
    // When
    String response = Client.raw(ingress, request.translateEscapes());

    // Then
    assertThat(response).startsWith("HTTP/1.1 " + status + " ");
    assertShape(Client.error(response.substring(response.indexOf("\r\n\r\n") + 4).getBytes(UTF_8)));
  }

  @Test
  void aBodyThatWasNotAskedForIsNoRequest() throws Exception {
    // Given a body that looks like a request, sent though nobody said 100 Continue
    String body = "GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    // When
    String response =
        Client.raw(
            ingress,
            "GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);

    // Then there is one answer
    assertThat(response).startsWith("HTTP/1.1 200 ").contains("live").doesNotContain("ready");
  }

  @Test
  void whoLeavesWithinHeadersGetsNoErrorOfTheServer() throws Exception {
    String response =
        Client.half(
            ingress,
            "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /health/live HTTP/1.1\r\nHost");

    assertThat(response).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"live\"}");
  }

  @Test
  void headIsAnsweredWithoutABody() throws Exception {
    // When
    String models = Client.raw(ingress, "HEAD /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    String chat = Client.raw(ingress, "HEAD " + Client.CHAT + " HTTP/1.1\r\nHost: x\r\n\r\n");

    // Then
    assertThat(models).startsWith("HTTP/1.1 200 ").contains("Content-Length: 17\r\n");
    assertThat(models).endsWith("\r\n\r\n");
    assertThat(chat).startsWith("HTTP/1.1 405 ").endsWith("\r\n\r\n");
  }

  @Test
  void tooLargeHeadersAreRefused() throws Exception {
    String response =
        Client.raw(
            ingress,
            "GET /v1/models HTTP/1.1\r\nHost: x\r\nX-Large: " + "y".repeat(20_000) + "\r\n\r\n");
    assertThat(response).startsWith("HTTP/1.1 431 ");
    assertShape(Client.error(response.substring(response.indexOf("\r\n\r\n") + 4).getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-1\r\nContent-Length: 100\r\n\r\n{\"mod"
      })
  void aSlowSenderIsTimedOut(String beginning) throws Exception {
    String response = Client.raw(ingress, beginning);
    assertThat(response).startsWith("HTTP/1.1 408 ");
    assertShape(Client.error(response.substring(response.indexOf("\r\n\r\n") + 4).getBytes(UTF_8)));
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    assertThat(Client.raw(ingress, "")).isEmpty();
  }

  @Test
  void aDeadlineThatPassesIsA504() throws Exception {
    // Given
    rig.dispatcher.onRequest(request -> {});

    // When
    HttpResponse<byte[]> response =
        Client.send(
            authorized(Client.CHAT)
                .header("x-weir-deadline-ms", "100")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"llama\"}"))
                .build());

    // Then
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(Client.error(response.body()).get("code").asText()).isEqualTo("deadline_exceeded");
    assertThat(Client.error(response.body()).at("/weir/queue_ms").asLong()).isGreaterThan(99);
    assertShape(Client.error(response.body()));
  }

  private static void assertShape(JsonNode error) {
    assertThat(error.fieldNames())
        .toIterable()
        .containsExactly("message", "type", "param", "code", "weir");
    assertThat(error.get("message").asText()).isNotBlank();
    assertThat(error.get("weir").fieldNames())
        .toIterable()
        .containsExactly(
            "reason", "retry_safe", "work_started", "queue_ms", "attempts", "request_id");
    assertThat(error.at("/weir/request_id").asText()).hasSize(26);
  }

  private static HttpResponse<byte[]> post(String body) throws IOException, InterruptedException {
    return Client.send(
        authorized(Client.CHAT).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private static HttpRequest.Builder authorized(String path) {
    return Client.request(ingress, path).header("authorization", "Bearer sk-1");
  }
}
