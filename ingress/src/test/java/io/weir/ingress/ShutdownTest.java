package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.InferenceRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends: of the ingress, and of the broker under it. */
class ShutdownTest {
  private Rig rig;

  @BeforeEach
  void start(@TempDir Path directory) {
    rig = new Rig(directory);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void whatRunsIsFinished() throws Exception {
    // Given
    Ingress ingress = rig.ingress(Rig.config(List.of(), Map.of(), Map.of("drain", "20s")));
    CompletableFuture<HttpResponse<byte[]>> running = post(ingress);
    InferenceRequest request = rig.dispatcher.take();

    // When
    CompletableFuture<Void> closing = CompletableFuture.runAsync(ingress::close);
    awaitRefusal(ingress);
    rig.dispatcher.attempt(request, "a").whole(200, "application/json", "{}".getBytes(UTF_8));

    // Then
    assertThat(Client.text(running.get(10, TimeUnit.SECONDS))).isEqualTo("{}");
    closing.get(10, TimeUnit.SECONDS);
    assertThatThrownBy(() -> Client.get(ingress, "/health/live")).isInstanceOf(IOException.class);
  }

  @Test
  void whatDoesNotFinishIsTold() throws Exception {
    // Given
    Ingress ingress = rig.ingress(Rig.config(List.of(), Map.of(), Map.of("drain", "300ms")));
    CompletableFuture<HttpResponse<byte[]>> running = post(ingress);
    rig.dispatcher.take();

    // When
    ingress.close();

    // Then
    HttpResponse<byte[]> response = running.get(10, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Client.error(response.body()).get("code").asText()).isEqualTo("shutting_down");
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("weir-ingress"));
  }

  @Test
  void withoutABrokerClientsAreToldSoon() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher.attempt(request, "a").whole(200, "application/json", new byte[] {'1'}));
    try (Ingress ingress = rig.ingress(Rig.config(List.of(), Map.of(), Map.of("produce", "1s")))) {
      assertThat(post(ingress).get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);

      // When
      rig.dispatcher.close();
      rig.kafka.broker().close();
      HttpResponse<byte[]> response = post(ingress).get(20, TimeUnit.SECONDS);

      // Then
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("retry-after")).contains("1");
      assertThat(response.headers().firstValue("retry-after-ms")).contains("1000");
      assertThat(Client.error(response.body()).at("/weir/reason").asText())
          .isEqualTo("broker_unavailable");
    }
  }

  @Test
  void moreThanTheLimitIsRefused() throws Exception {
    // Given
    try (Ingress ingress =
        rig.ingress(Rig.config(List.of(), Map.of("requests", "1"), Map.of("drain", "0s")))) {
      CompletableFuture<HttpResponse<byte[]>> running = post(ingress);
      rig.dispatcher.take();

      // When
      HttpResponse<byte[]> second = post(ingress).get(10, TimeUnit.SECONDS);

      // Then
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(Client.error(second.body()).get("code").asText()).isEqualTo("overloaded");
      assertThat(second.headers().firstValue("retry-after-ms")).contains("1000");
      assertThat(running).isNotDone();
    }
  }

  private static CompletableFuture<HttpResponse<byte[]>> post(Ingress ingress) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Client.post(ingress, Client.CHAT, "{\"model\":\"llama\"}");
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void awaitRefusal(Ingress ingress) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              try {
                return Client.get(ingress, "/health/ready").statusCode() == 503;
              } catch (IOException e) {
                return true;
              }
            });
  }
}
