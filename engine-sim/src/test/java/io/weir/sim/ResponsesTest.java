package io.weir.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.routing.engine.SimText;
import io.weir.routing.engine.SimText.Verdict.Intact;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both timings must answer alike. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponsesTest {
  private static final String PATH = "/v1/responses";

  private Map<Timing, EngineServer> servers;
  private Map<Timing, EngineClient> clients;

  @BeforeAll
  void start() {
    servers =
        Map.of(
            Timing.BATCHING, EngineClient.start(Map.of("speed", "50")),
            Timing.INSTANT, EngineClient.start(Map.of("timing", "instant")));
    clients =
        Map.of(
            Timing.BATCHING, new EngineClient(servers.get(Timing.BATCHING)),
            Timing.INSTANT, new EngineClient(servers.get(Timing.INSTANT)));
  }

  @AfterAll
  void stop() {
    clients.values().forEach(EngineClient::close);
    servers.values().forEach(EngineServer::close);
  }

  @ParameterizedTest
  @EnumSource
  void responseIsCheckableTextWithExactUsage(Timing timing) throws Exception {
    // When
    HttpResponse<String> response = clients.get(timing).post(PATH, body("\"Grüße\"", ""));

    // Then
    JsonNode whole = EngineClient.json(response);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(whole.path("id").asText()).startsWith("resp_");
    assertThat(whole.path("object").asText()).isEqualTo("response");
    assertThat(whole.path("status").asText()).isEqualTo("completed");
    assertThat(whole.at("/output/0/role").asText()).isEqualTo("assistant");
    assertThat(SimText.verify("Grüße", text(whole), 128)).isEqualTo(new Intact(128));
    assertThat(whole.at("/usage/input_tokens").asInt()).isEqualTo(SimText.tokens("Grüße"));
    assertThat(whole.at("/usage/output_tokens").asInt()).isEqualTo(128);
    assertThat(whole.at("/usage/total_tokens").asInt()).isEqualTo(128 + SimText.tokens("Grüße"));
  }

  @ParameterizedTest
  @EnumSource
  void eventsAreTypedAndNumberedAndEndWithTheResponse(Timing timing) throws Exception {
    // When
    String stream = clients.get(timing).post(PATH, body("\"q\"", ",\"stream\":true")).body();

    // Then
    List<JsonNode> events = events(stream);
    List<String> types = events.stream().map(event -> event.path("type").asText()).toList();
    assertThat(types)
        .startsWith(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta")
        .endsWith(
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed");
    assertThat(events)
        .extracting(event -> event.path("sequence_number").asInt(-1))
        .containsExactlyElementsOf(IntStream.range(0, events.size()).boxed().toList());
    StringBuilder deltas = new StringBuilder();
    events.forEach(event -> deltas.append(event.path("delta").asText("")));
    JsonNode last = events.getLast().path("response");
    assertThat(SimText.verify("q", deltas, 128)).isEqualTo(new Intact(128));
    assertThat(text(last)).isEqualTo(deltas.toString());
    assertThat(last.at("/usage/output_tokens").asInt()).isEqualTo(128);
    assertThat(last.path("id")).isEqualTo(events.getFirst().at("/response/id"));
  }

  @ParameterizedTest
  @EnumSource
  void aLimitMakesItIncomplete(Timing timing) throws Exception {
    String limit = ",\"max_output_tokens\":7";

    JsonNode whole = EngineClient.json(clients.get(timing).post(PATH, body("\"q\"", limit)));
    List<JsonNode> events =
        events(clients.get(timing).post(PATH, body("\"q\"", limit + ",\"stream\":true")).body());

    assertThat(whole.path("status").asText()).isEqualTo("incomplete");
    assertThat(whole.at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
    assertThat(text(whole)).isEqualTo(SimText.answer("q", 7));
    assertThat(events.getLast().path("type").asText()).isEqualTo("response.incomplete");
    assertThat(text(events.getLast().path("response"))).isEqualTo(SimText.answer("q", 7));
  }

  @ParameterizedTest
  @EnumSource
  void promptIsTheInstructionsAndTheTextsOfTheItems(Timing timing) throws Exception {
    String items =
        """
        [{"role":"user","content":"one"},
         {"type":"message","role":"user","content":[{"type":"input_text","text":"two"}]},
         {"type":"function_call_output","call_id":"c","output":"three"}]""";

    HttpResponse<String> response =
        clients.get(timing).post(PATH, body(items, ",\"instructions\":\"Be brief.\""));

    String prompt = SimText.prompt(List.of("Be brief.", "one", "two", "three"));
    assertThat(SimText.verify(prompt, text(EngineClient.json(response)), 128))
        .isEqualTo(new Intact(128));
  }

  @ParameterizedTest
  @EnumSource
  void responsesToComeBackForAreRefused(Timing timing) throws Exception {
    HttpResponse<String> refused =
        clients.get(timing).post(PATH, body("\"q\"", ",\"background\":true"));
    HttpResponse<String> taken =
        clients.get(timing).post(PATH, body("\"q\"", ",\"background\":false"));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(EngineClient.json(refused).at("/error/param").asText()).isEqualTo("background");
    assertThat(taken.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyInputIsRefused(Timing timing) throws Exception {
    assertThat(clients.get(timing).post(PATH, body("[]", "")).statusCode()).isEqualTo(400);
    assertThat(clients.get(timing).post(PATH, body("7", "")).statusCode()).isEqualTo(400);
    assertThat(clients.get(timing).post(PATH, body("[\"x\"]", "")).statusCode()).isEqualTo(400);
  }

  private static String body(String input, String more) {
    return "{\"model\":\"llama-3-8b\",\"input\":" + input + more + "}";
  }

  private static String text(JsonNode response) {
    return response.at("/output/0/content/0/text").asText();
  }

  private static List<JsonNode> events(String stream) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    String[] blocks = stream.split("\n\n", -1);
    assertThat(blocks[blocks.length - 1]).isEmpty();
    for (String block : List.of(blocks).subList(0, blocks.length - 1)) {
      String[] lines = block.split("\n", -1);
      JsonNode event = EngineClient.JSON.readTree(lines[1].substring("data: ".length()));
      assertThat(lines).hasSize(2);
      assertThat(lines[0]).isEqualTo("event: " + event.path("type").asText());
      events.add(event);
    }
    return events;
  }
}
