package io.weir.launcher.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a UI does, from within a container, against the broker and registry of a running system. */
class KafkaUiReachabilityTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOST = "host.docker.internal";

  private static int brokerPort;
  private static String registry;
  private static TestSystem system;
  private static ProbeContainer container;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    ProbeContainer.require();
    brokerPort = freePort();
    system =
        TestSystem.instant(
            TestSystem.TWO_ENGINES.replace(
                "registry-port: 0", "registry-port: 0, container-port: " + brokerPort));
    URI url =
        URI.create(system.system().kafka().properties().get("schema.registry.url").toString());
    registry = "http://" + HOST + ":" + url.getPort();
    container = ProbeContainer.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (container != null) {
      container.close();
    }
    if (system != null) {
      system.close();
    }
  }

  @Test
  void theBrokerIsAdvertisedUnderANameThatContainersKnow() throws Exception {
    JsonNode metadata = JSON.readTree(kcat("-L -J"));

    assertThat(metadata.path("brokers")).hasSize(1);
    assertThat(metadata.path("brokers").path(0).path("name").asText())
        .isEqualTo(HOST + ":" + brokerPort);
    assertThat(metadata.path("topics").findValuesAsText("topic"))
        .contains("weir.lifecycle", "weir.requests.home.llama-3-8b.standard");
  }

  @Test
  void aRecordsSchemaIsFoundByTheIdInItsFirstBytes() throws Exception {
    // Given
    chat();
    // When
    List<String> bytes =
        List.of(
            kcat("-C -t weir.lifecycle -o beginning -c 1 -q -f %s | od -An -tx1 -N5").split(" +"));
    // Then
    assertThat(bytes).hasSize(5).first().isEqualTo("00");
    int id = Integer.parseUnsignedInt(String.join("", bytes.subList(1, 5)), 16);
    JsonNode schema = JSON.readTree(get("/schemas/ids/" + id)).path("schema");
    assertThat(JSON.readTree(schema.asText()).path("name").asText()).isEqualTo("LifecycleEvent");
    assertThat(get("/subjects")).contains("weir.lifecycle-value");
  }

  private static String kcat(String arguments) throws IOException, InterruptedException {
    return container.run("kcat -b " + HOST + ":" + brokerPort + " " + arguments);
  }

  private static String get(String path) throws IOException, InterruptedException {
    return container.run("wget -qO- " + registry + path);
  }

  private static void chat() throws IOException, InterruptedException {
    String body =
        "{\"model\":\"llama-3-8b\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    HttpResponse<String> answer;
    try (HttpClient http = HttpClient.newHttpClient()) {
      answer =
          http.send(
              HttpRequest.newBuilder(URI.create(system.base() + "/chat/completions"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
    }
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
