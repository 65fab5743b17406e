package io.weir.launcher.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.routing.engine.SimText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A batch goes through the whole system. */
class BatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LINES = 200;
  private static final int TOKENS = 6;

  private static TestSystem system;

  @BeforeAll
  static void start() throws IOException {
    system = TestSystem.instant(TestSystem.TWO_ENGINES);
  }

  @AfterAll
  static void stop() throws IOException {
    system.close();
  }

  private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response;
  }

  private static HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(URI.create(system.base() + path)).timeout(Duration.ofMinutes(1));
  }

  private static String prompt(int line) {
    return "line " + line + " of a batch";
  }

  private static String input() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      lines.append(
          """
          {"custom_id":"%d","method":"POST","url":"/v1/chat/completions","body":{"model":"llama-3-8b","max_tokens":%d,"messages":[{"role":"user","content":"%s"}]}}
          """
              .formatted(i, TOKENS, prompt(i)));
    }
    return lines.toString();
  }

  @Test
  void eachLineHasItsOwnAnswerOnce() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      // Given a file
      String form =
          "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
              + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n"
              + input()
              + "\r\n--x--\r\n";
      String file =
          JSON.readTree(
                  send(
                          http,
                          at("/files")
                              .header("Content-Type", "multipart/form-data; boundary=x")
                              .POST(HttpRequest.BodyPublishers.ofString(form)))
                      .body())
              .path("id")
              .asText();

      // When
      String terms =
          "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}"
              .formatted(file);
      String id =
          JSON.readTree(
                  send(http, at("/batches").POST(HttpRequest.BodyPublishers.ofString(terms)))
                      .body())
              .path("id")
              .asText();
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> batch(http, id).path("status").asText().equals("completed"));

      // Then
      JsonNode done = batch(http, id);
      assertThat(done.path("request_counts").path("completed").asInt()).isEqualTo(LINES);
      assertThat(done.path("error_file_id").isNull()).isTrue();
      assertAnswers(
          send(http, at("/files/" + done.path("output_file_id").asText() + "/content")).body());
    }
  }

  private static JsonNode batch(HttpClient http, String id) throws Exception {
    return JSON.readTree(send(http, at("/batches/" + id)).body());
  }

  private static void assertAnswers(String output) throws IOException {
    Set<String> seen = new HashSet<>();
    for (String line : output.lines().toList()) {
      JsonNode answer = JSON.readTree(line);
      String name = answer.path("custom_id").asText();
      assertThat(seen.add(name)).as(name).isTrue();
      assertThat(answer.at("/response/body/choices/0/message/content").asText())
          .isEqualTo(SimText.answer(prompt(Integer.parseInt(name)), TOKENS));
    }
    assertThat(seen).hasSize(LINES);
  }
}
