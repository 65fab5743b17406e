package io.weir.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.weir.controller.Story.Shape;
import io.weir.controller.callbacks.CallbacksConfig;
import io.weir.routing.config.Configs;
import io.weir.routing.config.Secret;
import io.weir.schemas.members.LeaseTerms;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results reach the URLs that clients gave. */
class CallbackTest {
  private Rig rig;
  private HttpServer receiver;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    rig = new Rig(directory);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
    rig.close();
  }

  @Test
  void aResultIsPostedUntilItIsTaken() throws Exception {
    // Given a receiver that takes nothing at first
    List<String> ids = new CopyOnWriteArrayList<>();
    List<String> signatures = new CopyOnWriteArrayList<>();
    List<JsonNode> bodies = new CopyOnWriteArrayList<>();
    receiver.createContext(
        "/hook",
        exchange -> {
          bodies.add(new ObjectMapper().readTree(exchange.getRequestBody()));
          ids.add(exchange.getRequestHeaders().getFirst("webhook-id"));
          signatures.add(exchange.getRequestHeaders().getFirst("webhook-signature"));
          exchange.sendResponseHeaders(ids.size() == 1 ? 503 : 204, -1);
          exchange.close();
        });
    CallbacksConfig defaults = Configs.defaults(CallbacksConfig.class);
    rig.controller(
        "c1",
        LeaseTerms.STANDARD,
        new CallbacksConfig(
            List.of("127.0.0.1"),
            List.of("127.0.0.0/8"),
            Optional.of(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
            defaults.timeout(),
            defaults.patience(),
            defaults.largest()));
    Story story = rig.closing(new Story(rig.settings()));
    String id = Story.id();
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";

    // When
    Shape shape = new Shape(false, false, Duration.ofHours(1), Optional.of(url));
    story.write(Story.dispatched(id, "a1", "d1", shape));
    long end = story.whole(id, "a1", "{\"choices\":[1]}");
    story.write(Story.succeeded(id, "a1", "d1", end));

    // Then
    await().atMost(Rig.PATIENCE).until(() -> ids.size() == 2);
    assertThat(ids).containsOnly(id);
    assertThat(signatures).allSatisfy(each -> assertThat(each).startsWith("v1,"));
    assertThat(bodies.getLast().path("status").asText()).isEqualTo("succeeded");
    assertThat(bodies.getLast().path("response").path("choices").path(0).asInt()).isEqualTo(1);
  }
}
