package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that wait for an engine. */
class QueuedStreamsTest {
  private static Rig rig;
  private static Ingress ingress;
  private final List<Socket> sockets = new ArrayList<>();

  @BeforeAll
  static void start(@TempDir Path directory) throws InterruptedException {
    rig = new Rig(directory);
    ingress = rig.ingress(Rig.config(List.of(), Map.of(), Map.of("comment", "200ms")));
  }

  @AfterAll
  static void stop() {
    ingress.close();
    rig.close();
  }

  @AfterEach
  void hangUp() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void aQueuedStreamGetsCommentsThenItsAnswer() throws Exception {
    // Given
    rig.dispatcher.onRequest(request -> {});
    BufferedReader client = stream();
    InferenceRequest request = rig.dispatcher.take();

    // When
    assertThat(until(client, ": queued waited-ms=")).startsWith(": queued waited-ms=2");
    assertThat(until(client, ": queued waited-ms=")).isNotEmpty();
    FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
    attempt.head(200, "text/event-stream").events("data: 1\n\n", 1).end();

    // Then
    assertThat(until(client, "id: ")).isEqualTo("id: a.0");
    assertThat(client.readLine()).isEqualTo("data: 1");
  }

  @Test
  void afterACommentAnErrorIsAnEvent() throws Exception {
    // Given
    rig.dispatcher.onRequest(request -> {});
    BufferedReader client = stream();
    InferenceRequest request = rig.dispatcher.take();
    until(client, ": queued");

    // When
    rig.dispatcher
        .attempt(request, "a")
        .fail(new Failure("no_engine", "None.", 503, true, false, null, Map.of()));

    // Then
    assertThat(
            Client.error(until(client, "data: ").substring(6).getBytes(UTF_8)).get("code").asText())
        .isEqualTo("no_engine");
  }

  @Test
  void anEnginesRefusalAfterACommentIsAnEvent() throws Exception {
    // Given
    rig.dispatcher.onRequest(request -> {});
    BufferedReader client = stream();
    InferenceRequest request = rig.dispatcher.take();
    until(client, ": queued");

    // When
    rig.dispatcher
        .attempt(request, "a")
        .whole(
            422,
            "application/json",
            "{\n \"error\": {\"message\": \"too long\", \"code\": \"ctx\"}}".getBytes(UTF_8));

    // Then
    assertThat(until(client, "data: "))
        .isEqualTo("data: {\"error\":{\"message\":\"too long\",\"code\":\"ctx\"}}");
  }

  @Test
  void aClientThatLeavesIsNoticed() throws Exception {
    // Given
    rig.dispatcher.onRequest(request -> {});
    Socket socket = open(false);
    rig.dispatcher.take();

    // When
    socket.close();

    // Then
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(Client.text(Client.get(ingress, "/metrics")))
                    .containsPattern(
                        "weir_ingress_requests_seconds_count\\{class=\"standard\",outcome=\"client_gone\",path=\"/v1/chat/completions\"} [1-9]"));
  }

  @Test
  void fiveHundredIdleStreamsTakeNoThreads() throws Exception {
    // Given
    ConcurrentLinkedQueue<InferenceRequest> requests = new ConcurrentLinkedQueue<>();
    rig.dispatcher.onRequest(requests::add);
    int before = ManagementFactory.getThreadMXBean().getThreadCount();

    // When
    List<BufferedReader> clients = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      clients.add(stream());
    }
    for (BufferedReader client : clients) {
      until(client, ": queued");
    }

    // Then
    assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(before + 20);
    await().atMost(Duration.ofSeconds(20)).until(() -> requests.size() == 500);
    requests.forEach(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .head(200, "text/event-stream")
                .events("data: " + request.getId() + "\n\n", 1)
                .end());
    List<String> answers = new ArrayList<>();
    for (BufferedReader client : clients) {
      answers.add(until(client, "data: ").substring(6));
    }
    assertThat(answers)
        .containsExactlyInAnyOrderElementsOf(
            requests.stream().map(InferenceRequest::getId).toList());
  }

  private BufferedReader stream() throws Exception {
    return new BufferedReader(new InputStreamReader(open(true).getInputStream(), UTF_8), 512);
  }

  private Socket open(boolean stream) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), ingress.port());
    sockets.add(socket);
    socket.setSoTimeout(30_000);
    String body = "{\"model\":\"llama\",\"stream\":" + stream + "}";
    socket
        .getOutputStream()
        .write(
            ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(UTF_8));
    return socket;
  }

  private static String until(BufferedReader client, String prefix) throws Exception {
    String line = client.readLine();
    while (!line.startsWith(prefix)) {
      line = client.readLine();
    }
    return line;
  }
}
