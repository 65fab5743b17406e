package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.InferenceRequest;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of requests whose clients leave. */
class LeavingTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static Rig rig;
  private static Ingress here;
  private static Ingress there;
  private static FakeController controller;
  private static SeenCancellations cancellations;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    rig = new Rig(directory);
    controller = new FakeController(rig.kafka.settings(), "controller-1");
    here = rig.ingress(Rig.config(List.of(), Map.of(), Map.of("resume", "1s")));
    there = rig.ingress(Rig.config(List.of(), Map.of(), Map.of("resume", "1s")));
    cancellations = new SeenCancellations(rig.kafka.settings(), Rig.SOURCE.name());
  }

  @AfterAll
  static void stop() {
    here.close();
    there.close();
    controller.close();
    cancellations.close();
    rig.close();
  }

  @BeforeEach
  void quiet() {
    rig.dispatcher.onRequest(request -> {});
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWaitingClientThatLeavesTakesItsRequestAlong(boolean stream) throws Exception {
    // Given
    Socket client = send("", stream);
    InferenceRequest request = rig.dispatcher.take();

    // When
    client.close();

    // Then
    awaitCancelled(request, "client_gone");
  }

  @Test
  void aStreamThatNobodyReadsAnyMoreIsCancelled() throws Exception {
    // Given
    Socket client = send("", true);
    InferenceRequest request = rig.dispatcher.take();
    FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
    attempt.head(200, "text/event-stream").events("data: 1\n\n", 1);
    until(client.getInputStream(), "data: 1");

    // When
    client.close();

    // Then
    awaitCancelled(request, "client_gone");
  }

  @Test
  void aClientThatMayComeBackHasItsGrace() throws Exception {
    // Given one client that comes back to another ingress, and one that does not
    Socket back = send("Idempotency-Key: leaving-1\r\n", false);
    InferenceRequest kept = rig.dispatcher.take();
    awaitKey(there, "leaving-1");
    back.close();
    awaitGraces(here, 1);
    Socket repeated = send(there, "Idempotency-Key: leaving-1\r\n", false);
    awaitGraces(here, 0);

    Socket gone = send("x-weir-resume: 300ms\r\n", false);
    InferenceRequest lost = rig.dispatcher.take();

    // When
    gone.close();

    // Then
    awaitCancelled(lost, "client_gone");
    assertThat(cancellations.reasons()).doesNotContainKey(kept.getId());
    rig.dispatcher.attempt(kept, "a").whole(200, "application/json", "{}".getBytes(UTF_8));
    assertThat(until(repeated.getInputStream(), "{}")).contains("x-request-id: " + kept.getId());
    repeated.close();
  }

  @Test
  void whoLeavesWhileOthersWaitTakesNothingFromThem() throws Exception {
    // Given two clients with one key, at two ingresses
    Socket first = send("Idempotency-Key: leaving-2\r\n", false);
    InferenceRequest kept = rig.dispatcher.take();
    awaitKey(there, "leaving-2");
    Socket second = send(there, "Idempotency-Key: leaving-2\r\n", false);
    awaitExchanges(there, 1);

    // When the first leaves, and later another one elsewhere whose grace is as long
    first.close();
    awaitGraces(here, 0);
    Socket other = send("Idempotency-Key: leaving-3\r\n", false);
    InferenceRequest lost = rig.dispatcher.take();
    other.close();

    // Then
    awaitCancelled(lost, "client_gone");
    assertThat(cancellations.reasons()).doesNotContainKey(kept.getId());

    // and the last one's leaving counts
    second.close();
    awaitCancelled(kept, "client_gone");
  }

  @Test
  void whatHasEndedIsNotCancelled() throws Exception {
    // Given an answer that its client does not wait for to the end of the connection
    Socket client = send("", true);
    InferenceRequest ended = rig.dispatcher.take();
    rig.dispatcher
        .attempt(ended, "a")
        .head(200, "text/event-stream")
        .events("data: [DONE]\n\n", 1)
        .end();
    until(client.getInputStream(), "[DONE]");
    client.close();

    // When
    Socket other = send("", false);
    InferenceRequest lost = rig.dispatcher.take();
    other.close();

    // Then
    awaitCancelled(lost, "client_gone");
    assertThat(cancellations.reasons()).doesNotContainKey(ended.getId());
  }

  @Test
  void deletingCancels() throws Exception {
    // Given
    HttpResponse<byte[]> accepted =
        Client.send(
            Client.request(here, Client.CHAT)
                .header("prefer", "respond-async")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"llama\"}"))
                .build());
    assertThat(accepted.statusCode()).isEqualTo(202);
    InferenceRequest request = rig.dispatcher.take();
    controller.running(request);

    // When
    HttpResponse<byte[]> deleted =
        Client.send(Client.request(there, "/v1/requests/" + request.getId()).DELETE().build());

    // Then
    assertThat(deleted.statusCode()).isEqualTo(202);
    assertThat(Client.json(deleted.body()).at("/status").asText()).isEqualTo("cancelling");
    awaitCancelled(request, "deleted");
  }

  private static void awaitCancelled(InferenceRequest request, String reason) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(cancellations.reasons()).containsEntry(request.getId(), reason));
  }

  /** Until an ingress knows the key: it refuses it to another body. */
  private static void awaitKey(Ingress ingress, String key) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              HttpResponse<byte[]> other =
                  Client.send(
                      Client.request(ingress, Client.CHAT)
                          .header("idempotency-key", key)
                          .header("prefer", "respond-async")
                          .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"none\"}"))
                          .build());
              assertThat(other.statusCode()).isEqualTo(409);
            });
  }

  private static void awaitGraces(Ingress ingress, int count) {
    awaitMetric(ingress, "weir_ingress_graces " + count + ".0");
  }

  private static void awaitExchanges(Ingress ingress, int count) {
    awaitMetric(ingress, "weir_ingress_exchanges " + count + ".0");
  }

  private static void awaitMetric(Ingress ingress, String line) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(Client.text(Client.get(ingress, "/metrics"))).contains(line));
  }

  private static Socket send(String headers, boolean stream) throws Exception {
    return send(here, headers, stream);
  }

  private static Socket send(Ingress ingress, String headers, boolean stream) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), ingress.port());
    socket.setSoTimeout(30_000);
    String body = "{\"model\":\"llama\",\"stream\":" + stream + "}";
    socket
        .getOutputStream()
        .write(
            ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
                    + headers
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(UTF_8));
    return socket;
  }

  private static String until(InputStream in, String text) throws Exception {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int octet = in.read();
      assertThat(octet).as("connection ended after %s", read).isNotNegative();
      read.append((char) octet);
    }
    return read.toString();
  }
}
