package io.weir.launcher.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientResponse;
import io.weir.routing.engine.SimText;
import io.weir.routing.engine.SimText.Verdict.Intact;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Much at once, and large bodies: nothing is lost, repeated or changed on the way. */
class ManyStreamsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MEBIBYTE = 1 << 20;

  private static TestSystem system;
  private static Http1Client http;

  @BeforeAll
  static void start() throws IOException {
    system = TestSystem.instant(TestSystem.TWO_ENGINES);
    http =
        Http1Client.builder()
            .baseUri(system.uri().toString())
            .connectionCacheSize(256)
            .readTimeout(Duration.ofSeconds(60))
            .build();
  }

  @AfterAll
  static void stop() throws IOException {
    http.closeResource();
    system.close();
  }

  private static byte[] body(String prompt, int tokens, String more) throws IOException {
    return ("{\"model\":\"llama-3-8b\",\"messages\":[{\"role\":\"user\",\"content\":"
            + JSON.writeValueAsString(prompt)
            + "}],\"max_tokens\":"
            + tokens
            + more
            + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Http1ClientResponse post(byte[] body) {
    return http.post("/v1/chat/completions")
        .header(io.helidon.http.HeaderNames.CONTENT_TYPE, "application/json")
        .submit(body);
  }

  private static SimText.Verdict stream(String prompt, int tokens) throws IOException {
    StringBuilder text = new StringBuilder();
    boolean done = false;
    try (Http1ClientResponse response = post(body(prompt, tokens, ",\"stream\":true"))) {
      assertThat(response.status().code()).isEqualTo(200);
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(response.entity().inputStream(), StandardCharsets.UTF_8));
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.equals("data: [DONE]")) {
          done = true;
        } else if (line.startsWith("data: ")) {
          JsonNode event = JSON.readTree(line.substring("data: ".length()));
          text.append(event.at("/choices/0/delta/content").asText(""));
        }
      }
    }
    assertThat(done).as("the stream is ended by [DONE]").isTrue();
    return SimText.verify(prompt, text, tokens);
  }

  @Test
  void twoHundredStreamsOfFiveHundredTokensArriveWhole()
      throws InterruptedException, ExecutionException {
    List<Future<SimText.Verdict>> streams = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        String prompt = "stream " + i;
        streams.add(threads.submit(() -> stream(prompt, 500)));
      }
    }

    for (Future<SimText.Verdict> stream : streams) {
      assertThat(stream.get()).isEqualTo(new Intact(500));
    }
  }

  @Test
  void aMebibyteGoesBothWays() throws IOException {
    // Given a prompt of a mebibyte, and an answer of at least one
    String prompt = "ünï ".repeat(MEBIBYTE / 6);
    int tokens = MEBIBYTE / 10;

    try (Http1ClientResponse response = post(body(prompt, tokens, ""))) {
      JsonNode answer = JSON.readTree(response.entity().inputStream());

      String text = answer.at("/choices/0/message/content").asText();
      assertThat(text.length()).isGreaterThan(MEBIBYTE);
      assertThat(SimText.verify(prompt, text, tokens)).isEqualTo(new Intact(tokens));
    }
  }

  @Test
  void aMebibyteGoesBothWaysStreamed() throws IOException {
    int tokens = MEBIBYTE / 10;

    assertThat(stream("x".repeat(MEBIBYTE), tokens)).isEqualTo(new Intact(tokens));
  }
}
