package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.ResponseChunk;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's Responses API. */
class ResponsesTest {
  private static final String PATH = "/v1/responses";
  private static final String DONE =
      "{\"id\":\"resp_x\",\"object\":\"response\", \"status\":\"completed\",\"é\":1.50}";

  private static Rig rig;
  private static Ingress here;
  private static Ingress there;
  private static Ingress others;
  private static FakeController controller;
  private static SeenCancellations cancellations;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    rig = new Rig(directory);
    controller = new FakeController(rig.kafka.settings(), "controller-1");
    here = rig.ingress();
    there = rig.ingress();
    String digest = HexFormat.of().formatHex(Authenticator.sha256("theirs".getBytes(UTF_8)));
    others = rig.ingress(Rig.config(List.of(new ApiKey(digest, "others")), Map.of(), Map.of()));
    cancellations = new SeenCancellations(rig.kafka.settings(), Rig.SOURCE.name());
  }

  @AfterAll
  static void stop() {
    cancellations.close();
    others.close();
    there.close();
    here.close();
    controller.close();
    rig.close();
  }

  @BeforeEach
  void quiet() {
    rig.dispatcher.onRequest(request -> {});
  }

  private static String body(String more) {
    return "{\"model\":\"llama\",\"input\":\"hi\"" + more + "}";
  }

  private static HttpResponse<byte[]> create(String more, String... headers) throws Exception {
    HttpRequest.Builder request = Client.request(here, PATH);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return Client.send(request.POST(HttpRequest.BodyPublishers.ofString(body(more))).build());
  }

  private static String pathOf(InferenceRequest request) {
    return PATH + "/resp_" + request.getId();
  }

  private static HttpResponse<byte[]> cancel(InferenceRequest request) throws Exception {
    return Client.post(there, pathOf(request) + "/cancel", "");
  }

  private static void events(InferenceRequest request, String attempt) {
    rig.dispatcher
        .attempt(request, attempt)
        .head(200, "text/event-stream")
        .events(
            "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0}\n\n",
            1)
        .events(delta(1) + delta(2), 2)
        .events(delta(3), 1)
        .events(
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":"
                + DONE
                + ",\"sequence_number\":4}\n\n",
            1)
        .end();
  }

  private static String delta(int number) {
    return "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"t%d\",\"sequence_number\":%d}\n\n"
        .formatted(number, number);
  }

  private static void ended(InferenceRequest request) {
    controller.ended(request, "succeeded", "" + request.getReply().getEndOffset(), "null");
  }

  @Test
  void aResponseThatIsWaitedForPassesThrough() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .whole(200, "application/json", DONE.getBytes(UTF_8)));

    // When
    HttpResponse<byte[]> response = create(",\"max_output_tokens\":77");

    // Then
    InferenceRequest request = rig.dispatcher.take();
    assertThat(Client.text(response)).isEqualTo(DONE);
    assertThat(request.getPath()).isEqualTo(PATH);
    assertThat(request.getWatched()).isTrue();
    assertThat(request.getOutputTokens()).isEqualTo(77);
    assertThat(
            UTF_8
                .decode(
                    request.getBody().slice(request.getPromptOffset(), request.getPromptBytes()))
                .toString())
        .isEqualTo("\"hi\"");

    // and can be shown again, here and as a request
    ended(request);
    assertThat(Client.text(Client.get(there, pathOf(request)))).isEqualTo(DONE);
    String id = "resp_" + request.getId();
    assertThat(Client.text(Client.get(there, "/v1/requests/" + id))).contains("\"body\":" + DONE);
  }

  @Test
  void inTheBackgroundItIsTakenAtOnceAndShownAsItIs() throws Exception {
    // When
    HttpResponse<byte[]> taken = create(",\"background\":true");

    // Then
    InferenceRequest request = rig.dispatcher.take();
    JsonNode queued = Client.json(taken.body());
    assertThat(taken.statusCode()).isEqualTo(200);
    assertThat(queued.path("id").asText()).isEqualTo("resp_" + request.getId());
    assertThat(queued.path("object").asText()).isEqualTo("response");
    assertThat(queued.path("status").asText()).isEqualTo("queued");
    assertThat(queued.path("background").asBoolean()).isTrue();
    assertThat(queued.path("output").isArray()).isTrue();
    assertThat(queued.path("model").asText()).isEqualTo("llama");
    assertThat(request.getWatched()).isFalse();
    assertThat(UTF_8.decode(request.getBody().duplicate()).toString())
        .isEqualTo(body(",\"background\":true"));

    // and while it runs
    controller.running(request);
    JsonNode running = Client.json(Client.get(there, pathOf(request)).body());
    assertThat(running.path("status").asText()).isEqualTo("in_progress");
    assertThat(running.path("background").asBoolean()).isTrue();

    // and when it is done
    rig.dispatcher.attempt(request, "a").whole(200, "application/json", DONE.getBytes(UTF_8));
    ended(request);
    assertThat(Client.text(Client.get(there, pathOf(request)))).isEqualTo(DONE);
  }

  @Test
  void whatWentWrongIsShown() throws Exception {
    // Given one that an engine refuses, and one that came too late
    create(",\"background\":true");
    InferenceRequest refused = rig.dispatcher.take();
    rig.dispatcher
        .attempt(refused, "a")
        .whole(400, "application/json", "{\"error\":{\"message\":\"too long\"}}".getBytes(UTF_8));
    controller.ended(refused, "failed", "" + refused.getReply().getEndOffset(), "null");
    create(",\"background\":true");
    InferenceRequest late = rig.dispatcher.take();
    rig.dispatcher
        .attempt(late, "a")
        .fail(new Failure("deadline_exceeded", "Too late.", 504, false, false, null, Map.of()));
    controller.ended(late, "expired", "" + late.getReply().getEndOffset(), "null");

    // When
    JsonNode first = Client.json(Client.get(there, pathOf(refused)).body());
    JsonNode second = Client.json(Client.get(there, pathOf(late)).body());

    // Then
    assertThat(first.path("status").asText()).isEqualTo("failed");
    assertThat(first.at("/error/code").asText()).isEqualTo("invalid_prompt");
    assertThat(first.at("/error/message").asText()).isEqualTo("too long");
    assertThat(second.path("status").asText()).isEqualTo("failed");
    assertThat(second.at("/error/code").asText()).isEqualTo("server_error");
    assertThat(second.at("/error/weir/reason").asText()).isEqualTo("deadline_exceeded");
  }

  @Test
  void aClientThatLeftAStreamGetsTheRestOfIt() throws Exception {
    // Given a stream in the background whose client got all of it
    rig.dispatcher.onRequest(request -> events(request, "a"));
    String whole = Client.text(create(",\"background\":true,\"stream\":true"));
    InferenceRequest request = rig.dispatcher.take();
    ended(request);
    String path = pathOf(request) + "?stream=true";

    // When / Then
    assertThat(whole).contains("id: a.4\n").doesNotContain("[DONE]");
    assertThat(Client.text(Client.get(there, path))).isEqualTo(whole);
    String afterTwo = whole.substring(whole.indexOf("id: a.3\n"));
    assertThat(Client.text(Client.get(there, path + "&starting_after=2"))).isEqualTo(afterTwo);
    assertThat(Client.text(Client.get(there, path + "&starting_after=4"))).isEmpty();
    HttpResponse<byte[]> resumed =
        Client.send(Client.request(there, path).header("last-event-id", "a.2").build());
    assertThat(Client.text(resumed)).isEqualTo(afterTwo);

    // and the response is the one its last event holds
    assertThat(Client.text(Client.get(there, pathOf(request)))).isEqualTo(DONE);
  }

  @Test
  void leavingEndsOnlyWhatIsNotInTheBackground() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .head(200, "text/event-stream")
                .events(delta(0), 1));

    // When their clients leave after the first event
    InferenceRequest background = leave(",\"background\":true,\"stream\":true");
    InferenceRequest attended = leave(",\"stream\":true");

    // Then
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> cancellations.reasons().containsKey(attended.getId()));
    assertThat(cancellations.reasons()).doesNotContainKey(background.getId());
  }

  private static InferenceRequest leave(String more) throws Exception {
    HttpRequest request =
        Client.request(here, PATH).POST(HttpRequest.BodyPublishers.ofString(body(more))).build();
    try (InputStream events = Client.open(request).body()) {
      assertThat(events.read()).isPositive();
    }
    return rig.dispatcher.take();
  }

  @Test
  void aStreamThatBreaksOffEndsWithAnErrorEvent() throws Exception {
    // Given
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a")
                .head(200, "text/event-stream")
                .events(delta(0) + delta(1), 2)
                .fail(new Failure("engine_died", "It died.", 502, false, true, null, Map.of())));

    // When
    String stream = Client.text(create(",\"stream\":true"));

    // Then
    String last = stream.substring(stream.lastIndexOf("event: "));
    assertThat(last).startsWith("event: error\ndata: {").endsWith("}\n\n");
    JsonNode event = Client.json(last.substring(last.indexOf('{')).getBytes(UTF_8));
    assertThat(event.path("type").asText()).isEqualTo("error");
    assertThat(event.path("sequence_number").asInt()).isEqualTo(2);
    assertThat(event.path("message").asText()).isEqualTo("It died.");
    assertThat(event.at("/error/weir/reason").asText()).isEqualTo("engine_died");
  }

  @Test
  void whatWasMadeAnewIsNotGoneOnWith() throws Exception {
    // Given a response that was interrupted and made anew
    create(",\"background\":true,\"stream\":true,\"x\":1", "prefer", "respond-async");
    InferenceRequest request = rig.dispatcher.take();
    rig.dispatcher
        .attempt(request, "a")
        .head(200, "text/event-stream")
        .events(delta(0) + delta(1), 2);
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
    events(request, "b");
    controller.runsAgain(request, 2);

    // When
    HttpResponse<byte[]> rest =
        Client.get(there, pathOf(request) + "?stream=true&starting_after=2");

    // Then
    assertThat(rest.statusCode()).isEqualTo(409);
    assertThat(Client.text(Client.get(there, pathOf(request) + "?stream=true")))
        .startsWith("id: b.0\n")
        .contains("id: b.4\n");
  }

  @Test
  void cancellingShowsWhatBecameOfIt() throws Exception {
    // Given
    create(",\"background\":true");
    InferenceRequest request = rig.dispatcher.take();
    controller.running(request);

    // When it does not end
    JsonNode running = Client.json(cancel(request).body());

    // Then
    assertThat(running.path("status").asText()).isEqualTo("in_progress");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> "deleted".equals(cancellations.reasons().get(request.getId())));

    // and when it has ended
    controller.ended(request, "cancelled", "null", "null");
    JsonNode cancelled = Client.json(cancel(request).body());
    assertThat(cancelled.path("status").asText()).isEqualTo("cancelled");
    assertThat(cancelled.path("id").asText()).isEqualTo("resp_" + request.getId());
  }

  @Test
  void onlyWhatRunsInTheBackgroundCanBeCancelled() throws Exception {
    // Given
    rig.dispatcher.onRequest(request -> events(request, "a"));
    create(",\"stream\":true");
    InferenceRequest request = rig.dispatcher.take();
    ended(request);

    // When
    HttpResponse<byte[]> response = cancel(request);

    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Client.error(response.body()).path("message").asText())
        .startsWith("Cannot cancel a synchronous response");
  }

  @Test
  void aKeyAttachesToTheFirstResponse() throws Exception {
    // When
    JsonNode first = Client.json(create(",\"background\":true", "idempotency-key", "r1").body());
    JsonNode again = Client.json(create(",\"background\":true", "idempotency-key", "r1").body());

    // Then
    assertThat(again).isEqualTo(first);
  }

  @Test
  void aCallbackNeedsAResponseThatNobodyWaitsFor() throws Exception {
    String url = "https://hooks.example.com/x";

    HttpResponse<byte[]> attended = create("", "x-weir-callback", url);
    HttpResponse<byte[]> background = create(",\"background\":true", "x-weir-callback", url);

    assertThat(attended.statusCode()).isEqualTo(400);
    assertThat(background.statusCode()).isEqualTo(200);
    assertThat(rig.dispatcher.take().getCallback()).contains(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"previous_response_id", "conversation"})
  void whatOnlyOneEngineRemembersIsRefused(String field) throws Exception {
    HttpResponse<byte[]> response = create(",\"" + field + "\":\"resp_1\"");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Client.error(response.body()).path("code").asText())
        .isEqualTo("unsupported_parameter");
    assertThat(Client.error(response.body()).path("param").asText()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource({
    "?starting_after=3,400,unsupported_parameter",
    "?include[]=reasoning.encrypted_content,400,unsupported_parameter",
    "?stream=true&starting_after=-1,400,invalid_value",
    "?stream=true,400,not_a_stream"
  })
  void questionsThatMeanNothingAreRefused(String query, int status, String code) throws Exception {
    // Given
    create(",\"background\":true");
    InferenceRequest request = rig.dispatcher.take();
    controller.running(request);

    // When
    String escaped = query.replace("[", "%5B").replace("]", "%5D");
    HttpResponse<byte[]> response = Client.get(there, pathOf(request) + escaped);

    // Then
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(Client.error(response.body()).path("code").asText()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resp_nonsense", "01J00000000000000000000000", "resp_"})
  void whatIsNoResponsesIdIsUnknown(String id) throws Exception {
    assertThat(Client.get(there, PATH + "/" + id).statusCode()).isEqualTo(404);
    assertThat(Client.post(there, PATH + "/" + id + "/cancel", "").statusCode()).isEqualTo(404);
  }

  @Test
  void othersResponsesAndOtherRequestsAreUnknown() throws Exception {
    // Given
    create(",\"background\":true");
    InferenceRequest response = rig.dispatcher.take();
    controller.running(response);
    Client.send(
        Client.request(here, Client.CHAT)
            .header("prefer", "respond-async")
            .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"llama\"}"))
            .build());
    InferenceRequest chat = rig.dispatcher.take();
    controller.running(chat);

    // When / Then
    HttpRequest theirs =
        Client.request(others, pathOf(response)).header("authorization", "Bearer theirs").build();
    assertThat(Client.send(theirs).statusCode()).isEqualTo(404);
    assertThat(Client.get(there, pathOf(chat)).statusCode()).isEqualTo(404);
    assertThat(Client.get(there, pathOf(response)).statusCode()).isEqualTo(200);
  }

  @Test
  void deletingIsRefusedWithTheReason() throws Exception {
    // Given
    create(",\"background\":true");
    InferenceRequest request = rig.dispatcher.take();

    // When
    HttpResponse<byte[]> response =
        Client.send(Client.request(there, pathOf(request)).DELETE().build());

    // Then
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).isEqualTo(Optional.of("GET"));
    assertThat(Client.error(response.body()).path("code").asText()).isEqualTo("not_deletable");
  }
}
