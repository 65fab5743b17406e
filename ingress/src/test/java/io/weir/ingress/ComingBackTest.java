package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.routing.config.Secret;
import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.ResponseChunk;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that come back for their answers: by id, by key, here and at another ingress. */
class ComingBackTest {
  private static final String JSON = "{\"model\":\"llama\"}";
  private static final String STREAM = "{\"model\":\"llama\",\"stream\":true}";
  private static final String REQUESTS = "/v1/requests/";

  private static Rig rig;
  private static Ingress here;
  private static Ingress there;
  private static Ingress others;
  private static FakeController controller;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    rig = new Rig(directory);
    controller = new FakeController(rig.kafka.settings(), "controller-1");
    here = rig.ingress();
    there = rig.ingress();
    String digest = HexFormat.of().formatHex(Authenticator.sha256("theirs".getBytes(UTF_8)));
    others =
        rig.ingress(
            Rig.config(List.of(new ApiKey(digest, "others")), Map.of(), Map.of())
                .withControllerKey(Optional.of(new Secret("s3cret"))));
  }

  @AfterAll
  static void stop() {
    here.close();
    there.close();
    others.close();
    controller.close();
    rig.close();
  }

  @BeforeEach
  void quiet() {
    rig.dispatcher.onRequest(request -> {});
    controller.recovers();
  }

  @Test
  void anAsyncRequestIsAcceptedAndItsAnswerFetched() throws Exception {
    // Given
    HttpResponse<byte[]> accepted = post(here, JSON, "prefer", "foo, Respond-Async; x=1");
    InferenceRequest request = rig.dispatcher.take();
    String path = REQUESTS + request.getId();
    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(accepted.headers().firstValue("location")).contains(path);
    assertThat(accepted.headers().firstValue("preference-applied")).contains("respond-async");
    assertThat(Client.json(accepted.body()).at("/id").asText()).isEqualTo(request.getId());
    assertThat(Client.json(accepted.body()).at("/status").asText()).isEqualTo("queued");
    assertThat(request.getWatched()).isFalse();

    // When it runs
    controller.running(request);

    // Then that is told
    JsonNode running = Client.json(Client.get(there, path).body());
    assertThat(running.at("/status").asText()).isEqualTo("in_progress");
    assertThat(running.at("/response").isNull()).isTrue();

    // and who waits gets the answer as it comes, byte for byte
    CompletableFuture<HttpResponse<byte[]>> waiting =
        async(() -> Client.get(there, path + "?wait=60"));
    awaitExchanges(there, 1);
    FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
    attempt.head(200, "application/json").data("{\"n\": 1.50,").data(" \"é\":[ ]}").end();
    HttpResponse<byte[]> waited = waiting.get(60, TimeUnit.SECONDS);
    assertThat(Client.text(waited)).contains("\"body\":{\"n\": 1.50, \"é\":[ ]}");
    assertThat(Client.json(waited.body()).at("/status").asText()).isEqualTo("completed");
    assertThat(Client.json(waited.body()).at("/response/status_code").asInt()).isEqualTo(200);

    // and so does who comes after the end
    controller.ended(request, "succeeded", "" + request.getReply().getEndOffset(), "null");
    HttpResponse<byte[]> late = Client.get(here, path);
    assertThat(Client.text(late)).contains("\"body\":{\"n\": 1.50, \"é\":[ ]}");
  }

  @Test
  void ofARequestThatRanTwiceOnlyTheSecondTextIsTheAnswer() throws Exception {
    // Given
    post(here, JSON, "prefer", "respond-async");
    InferenceRequest request = rig.dispatcher.take();
    controller.running(request);
    CompletableFuture<HttpResponse<byte[]>> waiting =
        async(() -> Client.get(there, REQUESTS + request.getId() + "?wait=60"));
    rig.dispatcher.attempt(request, "a").head(200, "application/json").data("{\"void\":");

    // When
    rig.dispatcher.reply(
        request,
        ResponseChunk.newBuilder()
            .setRequestId(request.getId())
            .setAttemptId("")
            .setAttempt(0)
            .setData(ByteBuffer.allocate(0))
            .setFirstSeq(0)
            .setCount(0)
            .setClosedAttempts(List.of("a"))
            .build());
    rig.dispatcher.attempt(request, "b").whole(200, "application/json", "[2]".getBytes(UTF_8));

    // Then
    assertThat(Client.json(waiting.get(60, TimeUnit.SECONDS).body()).at("/response/body/0").asInt())
        .isEqualTo(2);
  }

  @Test
  void aFailureIsTold() throws Exception {
    // Given
    post(here, JSON, "prefer", "respond-async");
    InferenceRequest request = rig.dispatcher.take();
    rig.dispatcher
        .attempt(request, "a")
        .fail(new Failure("deadline_exceeded", "Too late.", 504, false, false, null, Map.of()));

    // When
    controller.ended(request, "expired", "" + request.getReply().getEndOffset(), "null");
    HttpResponse<byte[]> response = Client.get(there, REQUESTS + request.getId());

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Client.json(response.body()).at("/status").asText()).isEqualTo("expired");
    assertThat(Client.error(response.body()).at("/weir/reason").asText())
        .isEqualTo("deadline_exceeded");
  }

  @Test
  void resumedEventsAreTheRestOfTheStream() throws Exception {
    // Given a stream that its client got uninterrupted
    rig.dispatcher.onRequest(this::answerInEvents);
    HttpResponse<byte[]> whole = post(here, STREAM, "idempotency-key", "resume-1");
    InferenceRequest request = rig.dispatcher.take();
    controller.ended(request, "succeeded", "" + request.getReply().getEndOffset(), "null");
    String text = Client.text(whole);
    List<String> events = text.lines().filter(line -> line.startsWith("id: ")).toList();
    assertThat(events).hasSize(7);

    for (int last = 0; last < events.size(); last++) {
      String id = events.get(last).substring("id: ".length());
      String rest =
          last + 1 < events.size() ? text.substring(text.indexOf(events.get(last + 1))) : "";

      // When it is resumed after any event, by id or by key, here or there
      HttpResponse<byte[]> byId =
          Client.send(
              Client.request(there, REQUESTS + request.getId() + "/events")
                  .header("last-event-id", id)
                  .build());
      HttpResponse<byte[]> byKey =
          post(
              last % 2 == 0 ? here : there,
              STREAM,
              "idempotency-key",
              "resume-1",
              "last-event-id",
              id);

      // Then
      assertThat(Client.text(byId)).as("by id after %s", id).isEqualTo(rest);
      assertThat(Client.text(byKey)).as("by key after %s", id).isEqualTo(rest);
      assertThat(byKey.headers().firstValue("content-type")).contains("text/event-stream");
    }
    assertThat(Client.text(Client.get(there, REQUESTS + request.getId() + "/events")))
        .isEqualTo(text);
  }

  @Test
  void aStreamIsResumedWhileItRuns() throws Exception {
    // Given
    post(here, STREAM, "prefer", "respond-async");
    InferenceRequest request = rig.dispatcher.take();
    controller.running(request);
    FakeDispatcher.Attempt attempt = rig.dispatcher.attempt(request, "a");
    attempt.head(200, "text/event-stream").events("data: 1\n\ndata: 2\n\n", 2);

    // When
    CompletableFuture<HttpResponse<byte[]>> resumed =
        async(
            () ->
                Client.send(
                    Client.request(there, REQUESTS + request.getId() + "/events")
                        .header("last-event-id", "a.0")
                        .build()));
    awaitExchanges(there, 1);
    attempt.events("data: [DONE]\n\n", 1).end();

    // Then
    assertThat(Client.text(resumed.get(60, TimeUnit.SECONDS)))
        .isEqualTo("id: a.1\ndata: 2\n\nid: a.2\ndata: [DONE]\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.2", "a.7", "a.700"})
  void anEventThatIsNotPartOfTheAnswerIsSuperseded(String id) throws Exception {
    // Given
    rig.dispatcher.onRequest(this::answerInEvents);
    post(here, STREAM, "idempotency-key", "superseded");
    HttpResponse<byte[]> response =
        // When
        post(there, STREAM, "idempotency-key", "superseded", "last-event-id", id);

    // Then
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(Client.error(response.body()).at("/code").asText()).isEqualTo("attempt_superseded");
  }

  @Test
  void oneKeyOnTwoIngressesAtOnceHasOneAnswer() throws Exception {
    // Given a dispatcher that runs both, as it may
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .whole(200, "application/json", request.getId().getBytes(UTF_8)));

    for (int i = 0; i < 10; i++) {
      // When
      String key = "twice-" + i;
      CompletableFuture<HttpResponse<byte[]>> one =
          async(() -> post(here, JSON, "idempotency-key", key));
      CompletableFuture<HttpResponse<byte[]>> two =
          async(() -> post(there, JSON, "idempotency-key", key));
      HttpResponse<byte[]> first = one.get(60, TimeUnit.SECONDS);
      HttpResponse<byte[]> second = two.get(60, TimeUnit.SECONDS);

      // Then
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(Client.text(second)).isEqualTo(Client.text(first));
      assertThat(first.headers().firstValue("x-request-id")).contains(Client.text(first));
      assertThat(second.headers().firstValue("x-request-id")).contains(Client.text(first));
    }
  }

  @Test
  void aKeyStandsForOneBody() throws Exception {
    // Given
    answerAll();
    assertThat(post(here, JSON, "idempotency-key", "body").statusCode()).isEqualTo(200);

    // When
    HttpResponse<byte[]> other = post(here, STREAM, "idempotency-key", "body");

    // Then
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(Client.error(other.body()).at("/code").asText()).isEqualTo("idempotency_conflict");
  }

  @Test
  void keysOutliveTheirIngress() throws Exception {
    // Given
    Queue<InferenceRequest> requests = new ConcurrentLinkedQueue<>();
    rig.dispatcher.onRequest(
        request -> {
          requests.add(request);
          answerInEvents(request);
        });
    Ingress before = rig.ingress();
    HttpResponse<byte[]> first = post(before, STREAM, "idempotency-key", "outlives");
    before.close();

    // When
    HttpResponse<byte[]> again;
    try (Ingress after = rig.ingress()) {
      again = post(after, STREAM, "idempotency-key", "outlives");
    }

    // Then
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("x-request-id"))
        .isEqualTo(first.headers().firstValue("x-request-id"));
    assertThat(requests).hasSize(1);
  }

  @Test
  void aFailureWithAKeyMayBeRepeated() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .fail(new Failure("engine_died", "It died.", 502, false, true, null, Map.of())));

    // When
    HttpResponse<byte[]> response = post(here, JSON, "idempotency-key", "fails");

    // Then
    assertThat(Client.error(response.body()).at("/weir/retry_safe").asBoolean()).isTrue();
  }

  @Test
  void anAnswerThatIsNotKeptAnyMoreIsGone() throws Exception {
    // Given
    rig.dispatcher.onRequest(this::answerInEvents);
    post(here, STREAM, "idempotency-key", "gone");
    InferenceRequest request = rig.dispatcher.take();
    controller.ended(request, "succeeded", "" + request.getReply().getEndOffset(), "null");

    // When
    TopicPartition replies =
        new TopicPartition(request.getReply().getTopic(), request.getReply().getPartition());
    try (Admin admin = Admin.create(rig.kafka.settings().admin())) {
      admin
          .deleteRecords(
              Map.of(replies, RecordsToDelete.beforeOffset(request.getReply().getEndOffset() + 1)))
          .all()
          .get();
    }

    // Then
    String path = REQUESTS + request.getId();
    assertThat(Client.get(here, path).statusCode()).isEqualTo(410);
    assertThat(Client.get(there, path + "/events").statusCode()).isEqualTo(410);
    assertThat(post(there, STREAM, "idempotency-key", "gone").statusCode()).isEqualTo(410);
  }

  @Test
  void othersRequestsAreUnknown() throws Exception {
    // Given
    post(here, JSON, "prefer", "respond-async");
    InferenceRequest request = rig.dispatcher.take();
    controller.running(request);
    String path = REQUESTS + request.getId();
    assertThat(Client.get(here, path).statusCode()).isEqualTo(200);

    for (HttpRequest.Builder theirs :
        List.of(
            Client.request(others, path),
            Client.request(others, path + "/events"),
            Client.request(others, path).DELETE())) {
      // When
      HttpResponse<byte[]> response =
          Client.send(theirs.header("authorization", "Bearer theirs").build());

      // Then
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(Client.error(response.body()).at("/code").asText()).isEqualTo("unknown_request");
    }
    assertThat(controller.authorization()).isEqualTo("Bearer s3cret");
    assertThat(Client.get(here, REQUESTS + "nonsense").statusCode()).isEqualTo(404);
    assertThat(Client.get(others, path).statusCode()).isEqualTo(401);
  }

  @Test
  void aCallbackGoesWithTheRequest() throws Exception {
    // When
    String url = "https://hooks.example.com/x";
    HttpResponse<byte[]> accepted =
        post(here, JSON, "prefer", "respond-async", "x-weir-callback", url);

    // Then
    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(rig.dispatcher.take().getCallback()).contains(url);
  }

  @ParameterizedTest
  @CsvSource({
    "x-weir-callback,https://hooks.example.com/x",
    "last-event-id,a.1",
    "last-event-id,nonsense",
    "x-weir-resume,soon",
    "x-weir-resume,25h"
  })
  void headersThatMeanNothingAreRefused(String header, String value) throws Exception {
    // When
    HttpResponse<byte[]> response = post(here, JSON, header, value);

    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Client.error(response.body()).get("param").asText()).isEqualToIgnoringCase(header);
  }

  @ParameterizedTest
  @CsvSource({"/events,not_a_stream", "?wait=soon,invalid_value", "?wait=301,invalid_value"})
  void questionsThatMeanNothingAreRefused(String rest, String code) throws Exception {
    // Given
    post(here, JSON, "prefer", "respond-async");
    InferenceRequest request = rig.dispatcher.take();
    controller.running(request);

    // When
    HttpResponse<byte[]> response = Client.get(here, REQUESTS + request.getId() + rest);

    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Client.error(response.body()).get("code").asText()).isEqualTo(code);
  }

  @Test
  void withoutAControllerThatKnowsThereIsNoAnswerYet() throws Exception {
    // Given
    post(here, JSON, "prefer", "respond-async");
    InferenceRequest request = rig.dispatcher.take();
    String path = REQUESTS + request.getId();
    controller.always(503);

    // When
    HttpResponse<byte[]> response = Client.get(here, path);

    // Then
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).contains("1");

    // and when it is too late
    controller.always(410);
    assertThat(Client.get(here, path).statusCode()).isEqualTo(410);
  }

  private void answerInEvents(InferenceRequest request) {
    rig.dispatcher
        .attempt(request, "a")
        .head(200, "text/event-stream")
        .events("data: {\"é\":0}\n\n", 1)
        .events("data: 1\n\ndata: 2\r\n\r\ndata: 3\n\n", 3)
        .events("event: x\ndata: 4\n\ndata: 5\n\n", 2)
        .events("data: [DONE]\n\n", 1)
        .end();
  }

  private static void answerAll() {
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher.attempt(request, "a").whole(200, "application/json", new byte[] {'1'}));
  }

  private static HttpResponse<byte[]> post(Ingress ingress, String body, String... headers)
      throws Exception {
    return Client.send(
        Client.request(ingress, Client.CHAT)
            .headers(headers)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private interface Call {
    HttpResponse<byte[]> run() throws Exception;
  }

  private static CompletableFuture<HttpResponse<byte[]>> async(Call call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return call.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void awaitExchanges(Ingress ingress, int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(Client.text(Client.get(ingress, "/metrics")))
                    .contains("weir_ingress_exchanges " + count + ".0"));
  }
}
