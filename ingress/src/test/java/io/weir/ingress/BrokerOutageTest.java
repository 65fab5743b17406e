package io.weir.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.embedded.EmbeddedBroker;
import io.weir.embedded.EmbeddedBrokerConfig;
import io.weir.ingress.leave.CancelReason;
import io.weir.ingress.leave.Notices;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All brokers go away and come back. */
class BrokerOutageTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void clientsAreToldAtOnceAndWhatMayHaveBeenWrittenIsCancelled(@TempDir Path directory)
      throws Exception {
    // Given
    try (Rig rig = new Rig(directory);
        Ingress ingress = rig.ingress(Rig.config(List.of(), Map.of(), Map.of("produce", "1s")))) {
      int port = URI.create("kafka://" + rig.kafka.broker().bootstrapServers()).getPort();
      assertThat(async(ingress, "before").statusCode()).isEqualTo(202);
      rig.dispatcher.close();
      rig.kafka.broker().close();

      // When
      HttpResponse<byte[]> plain = Client.post(ingress, Client.CHAT, "{\"model\":\"llama\"}");
      HttpResponse<byte[]> keyed = async(ingress, "during");

      // Then
      for (HttpResponse<byte[]> response : List.of(plain, keyed)) {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).contains("1");
        assertThat(Client.error(response.body()).at("/weir/reason").asText())
            .isEqualTo("broker_unavailable");
      }
      assertThat(isRetrySafe(keyed)).isTrue();

      // and when they are back: whether a request was sent depends on when the producer noticed
      try (EmbeddedBroker back =
              EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory).withPort(port));
          SeenCancellations cancellations =
              new SeenCancellations(rig.kafka.settings(), Rig.SOURCE.name())) {
        assertThat(back.bootstrapServers()).endsWith(":" + port);
        if (!isRetrySafe(plain)) {
          await()
              .atMost(LONG)
              .untilAsserted(
                  () ->
                      assertThat(cancellations.reasons())
                          .containsEntry(id(plain), "unacknowledged"));
        }
        // The key points at nothing, so it is free.
        await()
            .atMost(LONG)
            .untilAsserted(() -> assertThat(async(ingress, "during").statusCode()).isEqualTo(202));
      }
    }
  }

  @Test
  void noticesOfAnOutageAreWrittenAfterIt(@TempDir Path directory) throws Exception {
    // Given brokers that are gone so long that their clients have forgotten all
    Instant expiry = Instant.now().plusSeconds(600);
    try (Rig rig = new Rig(directory);
        Notices notices = new Notices(rig.kafka.settings(), new SimpleMeterRegistry())) {
      int port = URI.create("kafka://" + rig.kafka.broker().bootstrapServers()).getPort();
      notices.cancel("before", "here", CancelReason.DELETED, expiry).get(30, TimeUnit.SECONDS);
      rig.dispatcher.close();
      rig.kafka.broker().close();
      CompletableFuture<Void> during =
          notices.cancel("during", "here", CancelReason.UNACKNOWLEDGED, expiry);
      CompletableFuture<Void> markers =
          notices.cancel("during-2", "here", CancelReason.CLIENT_GONE, expiry);

      // When
      try (EmbeddedBroker back =
              EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory).withPort(port));
          SeenCancellations cancellations =
              new SeenCancellations(rig.kafka.settings(), Rig.SOURCE.name())) {
        assertThat(back.bootstrapServers()).endsWith(":" + port);
        during.get(60, TimeUnit.SECONDS);
        markers.get(60, TimeUnit.SECONDS);

        // Then
        await()
            .atMost(LONG)
            .untilAsserted(
                () ->
                    assertThat(cancellations.reasons())
                        .containsOnly(
                            Map.entry("before", "deleted"),
                            Map.entry("during", "unacknowledged"),
                            Map.entry("during-2", "client_gone")));
      }
    }
  }

  private static boolean isRetrySafe(HttpResponse<byte[]> response) throws Exception {
    return Client.error(response.body()).at("/weir/retry_safe").asBoolean();
  }

  private static String id(HttpResponse<byte[]> response) {
    return response.headers().firstValue("x-request-id").orElseThrow();
  }

  private static HttpResponse<byte[]> async(Ingress ingress, String key) throws Exception {
    return Client.send(
        Client.request(ingress, Client.CHAT)
            .header("prefer", "respond-async")
            .header("idempotency-key", key)
            .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"llama\"}"))
            .build());
  }
}
