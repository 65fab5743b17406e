package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.embedded.EmbeddedKafka;
import io.weir.routing.config.Configs;
import io.weir.routing.engine.SimText;
import io.weir.schemas.Continues;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.Topics;
import io.weir.sim.EngineServer;
import io.weir.sim.EngineServerConfig;
import io.weir.sim.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams whose engine dies, against engines whose text tells what is missing or repeated. */
class DispatcherContinuesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TOKENS = 60;
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private EngineServer one;
  private EngineServer two;
  private Rig rig;

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @BeforeEach
  void open() {
    one = EngineServer.start(Configs.with(EngineServerConfig.class, Map.of("speed", "8")));
    two = EngineServer.start(Configs.with(EngineServerConfig.class, Map.of("speed", "8")));
    rig = Rig.on(kafka).engine(one.uri(), 8).engine(two.uri(), 8);
  }

  @AfterEach
  void close() {
    rig.close();
    one.close();
    two.close();
  }

  private static ByteBuffer body(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private String chat(String prompt) {
    return rig.sendOne(
        rig.stream()
            .setBody(
                body(
                    """
                    {"model":"llama-3-8b","stream":true,"max_tokens":%d,
                     "stream_options":{"include_usage":true},
                     "messages":[{"role":"user","content":"%s"}]}"""
                        .formatted(TOKENS, prompt))));
  }

  private String completion(String prompt) {
    return rig.sendOne(
        rig.stream()
            .setPath("/v1/completions")
            .setBody(
                body(
                    "{\"model\":\"llama-3-8b\",\"stream\":true,\"max_tokens\":%d,\"prompt\":\"%s\"}"
                        .formatted(TOKENS, prompt))));
  }

  private List<JsonNode> events(String id) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    String text = rig.text(id);
    assertThat(text).endsWith("data: [DONE]\n\n");
    for (String event : text.split("\n\n", 0)) {
      if (!event.equals("data: [DONE]")) {
        events.add(JSON.readTree(event.substring("data: ".length())));
      }
    }
    return events;
  }

  private static String text(List<JsonNode> events, String pointer) {
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(event.at(pointer).asText()));
    return text.toString();
  }

  /** The next request dies after some tokens, on whichever engine it is. */
  private void nextDiesOnEither(int tokens) {
    one.faults().add(new Fault.Die(tokens));
    two.faults().add(new Fault.Die(tokens));
  }

  private void assertOneAttempt(String id, LifecycleEvent terminal) {
    assertThat(terminal.getType()).isEqualTo(LifecycleType.SUCCEEDED);
    String attempt = terminal.getAttempt().orElseThrow().getId();
    assertThat(rig.chunks(id)).extracting(ResponseChunk::getAttemptId).containsOnly(attempt);
    long seq = 0;
    for (ResponseChunk chunk : rig.chunks(id)) {
      assertThat(chunk.getFirstSeq()).isEqualTo(seq);
      seq += chunk.getCount();
    }
    assertThat(rig.types(id)).doesNotContain(LifecycleType.RETRIED);
  }

  @Test
  void anotherEngineGoesOnWithAChatWithoutAHoleOrARepetition() throws Exception {
    // Given
    Dispatcher dispatcher = rig.enginesContinue().continuing().dispatch(Settings.calls(Map.of()));
    one.faults().add(new Fault.Die(7));
    List<String> ids = new ArrayList<>();

    // When streams are sent until some have met the engine that dies
    for (int i = 0; i < 6; i++) {
      ids.add(chat("prompt " + i));
    }

    // Then
    int continued = 0;
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i);
      LifecycleEvent terminal = rig.terminal(id);
      assertOneAttempt(id, terminal);
      List<JsonNode> events = events(id);
      assertThat(SimText.verify("prompt " + i, text(events, "/choices/0/delta/content"), TOKENS))
          .isEqualTo(new SimText.Verdict.Intact(TOKENS));
      assertThat(events.stream().filter(event -> event.at("/choices/0/delta").has("role")))
          .hasSize(1);
      assertThat(events).extracting(event -> event.path("id").asText()).hasSize(events.size());
      assertThat(events.stream().map(event -> event.path("id").asText()).distinct()).hasSize(1);
      JsonNode usage = events.getLast().path("usage");
      assertThat(usage.path("completion_tokens").asInt()).isEqualTo(TOKENS);
      assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(SimText.tokens("prompt " + i));
      assertThat(terminal.getUsage().orElseThrow().getCompletionTokens()).isEqualTo(TOKENS);
      continued +=
          rig.types(id).stream().filter(type -> type == LifecycleType.DISPATCHED).count() > 1
              ? 1
              : 0;
    }
    assertThat(continued).isPositive();
    assertThat(Pages.text(dispatcher))
        .contains("weir_dispatcher_continued_total " + (double) continued);
    Pages.await(dispatcher, "weir_dispatcher_in_flight", "e0", 0);
    Pages.await(dispatcher, "weir_dispatcher_in_flight", "e1", 0);
  }

  @Test
  void anotherEngineGoesOnWithACompletion() throws Exception {
    rig.enginesContinue().continuing().dispatch(Settings.calls(Map.of()));
    one.faults().add(new Fault.Die(9));
    for (int i = 0; i < 6; i++) {
      String id = completion("prompt " + i);
      assertOneAttempt(id, rig.terminal(id));
      assertThat(SimText.verify("prompt " + i, text(events(id), "/choices/0/text"), TOKENS))
          .isEqualTo(new SimText.Verdict.Intact(TOKENS));
    }
  }

  @Test
  void aPoolThatWantsAnErrorGetsOne() {
    rig.enginesContinue().dispatch(Settings.calls(Map.of()));
    nextDiesOnEither(7);
    String id = chat("hello");
    assertThat(rig.terminal(id).getFailure().orElseThrow().getReason()).isEqualTo("engine_died");
  }

  @Test
  void soDoesOneWhoseEnginesCannotGoOn() {
    rig.continuing().dispatch(Settings.calls(Map.of()));
    nextDiesOnEither(7);
    String id = chat("hello");
    assertThat(rig.terminal(id).getFailure().orElseThrow().getReason()).isEqualTo("engine_died");
    assertThat(rig.text(id)).contains("6:");
  }

  @Test
  void aStreamThatBreaksOffAgainAndAgainEndsWithAnError() {
    rig.enginesContinue().continuing().dispatch(Settings.calls(Map.of()));
    nextDiesOnEither(7);
    String id = chat("hello");
    LifecycleEvent terminal = rig.terminal(id);
    assertThat(terminal.getFailure().orElseThrow().getReason()).isEqualTo("engine_died");
    // Three engines' worth of text, all of it in order
    assertThat(rig.text(id)).contains("20:").doesNotContain("21:");
  }

  private void publish(ResponseChunk chunk) throws Exception {
    try (KafkaProducer<String, ResponseChunk> producer =
        new KafkaProducer<>(rig.settings().producer(Map.of()))) {
      producer
          .send(new ProducerRecord<>(Topics.responses(rig.source().name()), 0, null, chunk))
          .get();
    }
  }

  private static ResponseChunk chunk(String id, String attempt, String text, int events) {
    return new ResponseChunk(
        id, attempt, 1, null, body(text), 0L, events, null, List.of(), false, null);
  }

  private static String begun(int tokens) {
    StringBuilder text =
        new StringBuilder(
            """
            data: {"id":"c1","created":7,"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

            """);
    for (String token : SimText.answer("hello", tokens).split("(?<= )", 0)) {
      text.append("data: {\"id\":\"c1\",\"created\":7,\"choices\":[{\"index\":0,")
          .append("\"delta\":{\"content\":\"" + token + "\"}}]}\n\n");
    }
    return text.toString();
  }

  /** A request whose dispatcher died after some of its text, and what a controller then wrote. */
  private String leftBehind(String text, int events, String more) throws Exception {
    InferenceRequest request =
        rig.stream()
            .setBody(
                body(
                    """
                    {"model":"llama-3-8b","stream":true,"max_tokens":%d,%s
                     "messages":[{"role":"user","content":"hello"}]}"""
                        .formatted(TOKENS, more)))
            .build();
    try (Rig elsewhere = Rig.on(kafka)) {
      publish(chunk(request.getId(), "first", text, events));
      publish(
          new ResponseChunk(
              request.getId(), "", 0, null, body(""), 0L, 0, null, List.of("first"), true, null));
      rig.say(
          rig.requeue(request, elsewhere.send(request))
              .setContinues(new Continues("first", (long) events, (long) text.length()))
              .build());
    }
    return request.getId();
  }

  @Test
  void theStreamOfADeadDispatcherGoesOn() throws Exception {
    rig.enginesContinue().continuing().dispatch(Settings.calls(Map.of()));

    String id = leftBehind(begun(9), 10, "");

    LifecycleEvent terminal = rig.terminal(id);
    assertThat(terminal.getType()).isEqualTo(LifecycleType.SUCCEEDED);
    assertThat(terminal.getAttempt().orElseThrow().getNumber()).isEqualTo(2);
    List<JsonNode> events = events(id);
    assertThat(SimText.verify("hello", text(events, "/choices/0/delta/content"), TOKENS))
        .isEqualTo(new SimText.Verdict.Intact(TOKENS));
    assertThat(events.stream().map(event -> event.path("id").asText()).distinct())
        .containsExactly("c1");
    List<ResponseChunk> rest =
        rig.chunks(id).stream()
            .filter(each -> each.getAttemptId().equals(terminal.getAttempt().get().getId()))
            .toList();
    assertThat(rest.getFirst().getContinues().orElseThrow().getAttempt()).isEqualTo("first");
    assertThat(rest.getFirst().getFirstSeq()).isEqualTo(10);
    assertThat(rest.getLast().getEnd().orElseThrow().getBodyBytes()).isEqualTo(rig.body(id).length);
  }

  @Test
  void whatNoEngineCanGoOnWithEndsWithAnError() throws Exception {
    rig.enginesContinue().continuing().dispatch(Settings.calls(Map.of()));
    String id = leftBehind(begun(9), 10, "\"response_format\":{\"type\":\"json_object\"},");
    LifecycleEvent terminal = rig.terminal(id);
    assertThat(terminal.getType()).isEqualTo(LifecycleType.FAILED);
    assertThat(terminal.getFailure().orElseThrow().getReason()).isEqualTo("interrupted");
    assertThat(rig.text(id)).isEqualTo(begun(9));
  }
}
