package io.weir.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.routing.engine.SimText;
import io.weir.routing.engine.SimText.Verdict.Intact;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both timings must answer alike. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompletionsTest {
  private static final String CHAT = "/v1/chat/completions";

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
  void chatIsAnsweredWithCheckableTextAndExactUsage(Timing timing) throws Exception {
    HttpResponse<String> response =
        clients.get(timing).post(CHAT, EngineClient.chat("Grüße, \\n 日本", ",\"max_tokens\":17"));

    JsonNode body = EngineClient.json(response);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(body.path("id").asText()).startsWith("chatcmpl-");
    assertThat(body.path("object").asText()).isEqualTo("chat.completion");
    assertThat(body.path("model").asText()).isEqualTo("llama-3-8b");
    JsonNode choice = body.path("choices").path(0);
    assertThat(choice.path("message").path("role").asText()).isEqualTo("assistant");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    assertThat(SimText.verify("Grüße, \n 日本", choice.at("/message/content").asText(), 17))
        .isEqualTo(new Intact(17));
    assertThat(body.path("usage"))
        .isEqualTo(
            EngineClient.JSON.readTree(
                "{\"prompt_tokens\":5,\"completion_tokens\":17,\"total_tokens\":22}"));
  }

  @ParameterizedTest
  @EnumSource
  void chatStreamHasOpenAiShape(Timing timing) throws Exception {
    HttpResponse<String> response =
        clients
            .get(timing)
            .post(
                CHAT,
                EngineClient.chat(
                    "hello",
                    ",\"max_completion_tokens\":9,\"stream\":true,"
                        + "\"stream_options\":{\"include_usage\":true}"));

    List<JsonNode> events = EngineClient.events(response.body());
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("text/event-stream");
    assertThat(events.getFirst().at("/choices/0/delta"))
        .isEqualTo(EngineClient.JSON.readTree("{\"role\":\"assistant\",\"content\":\"\"}"));
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.path("object").asText()).isEqualTo("chat.completion.chunk");
              assertThat(event.path("id")).isEqualTo(events.getFirst().path("id"));
              assertThat(event.has("usage")).isTrue();
            });
    assertThat(SimText.verify("hello", EngineClient.text(events), 9)).isEqualTo(new Intact(9));
    JsonNode last = events.get(events.size() - 2);
    assertThat(last.at("/choices/0/delta").isEmpty()).isTrue();
    assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    JsonNode usage = events.getLast();
    assertThat(usage.path("choices").isEmpty()).isTrue();
    assertThat(usage.at("/usage/prompt_tokens").asInt()).isEqualTo(2);
    assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(9);
  }

  @ParameterizedTest
  @EnumSource
  void streamWithoutUsageHasNone(Timing timing) throws Exception {
    HttpResponse<String> response =
        clients.get(timing).post(CHAT, EngineClient.chat("x", ",\"stream\":true,\"max_tokens\":2"));

    assertThat(EngineClient.events(response.body()))
        .noneSatisfy(event -> assertThat(event.has("usage")).isTrue());
  }

  @ParameterizedTest
  @EnumSource
  void answerWithoutLimitStopsByItself(Timing timing) throws Exception {
    HttpResponse<String> response = clients.get(timing).post(CHAT, EngineClient.chat("x", ""));

    JsonNode body = EngineClient.json(response);
    assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(128);
  }

  @ParameterizedTest
  @EnumSource
  void promptOfAChatIsTheTextOfItsMessages(Timing timing) throws Exception {
    String body =
        """
        {"messages":[{"role":"system","content":"Be brief."},
          {"content":[{"type":"text","text":"What is this?"},
             {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}],"role":"user"},
          {"role":"assistant","content":null,"tool_calls":[]}],
         "model":"llama-3-8b","max_tokens":4,"unknown":{"a":[1,{"content":"no"}]}}""";

    HttpResponse<String> response = clients.get(timing).post(CHAT, body);

    String prompt =
        SimText.prompt(List.of("Be brief.", "What is this?", "data:image/png;base64,AAAA"));
    assertThat(
            SimText.verify(
                prompt, EngineClient.json(response).at("/choices/0/message/content").asText(), 4))
        .isEqualTo(new Intact(4));
  }

  @ParameterizedTest
  @EnumSource
  void completionsAnswerStringsArraysAndTokenIds(Timing timing) throws Exception {
    Map<String, String> prompts =
        Map.of("\"a b\"", "a b", "[\"a b\"]", "a b", "[1,22,3]", "1 22 3 ", "[[4,5]]", "4 5 ");
    for (Map.Entry<String, String> prompt : prompts.entrySet()) {
      HttpResponse<String> response =
          clients
              .get(timing)
              .post(
                  "/v1/completions",
                  "{\"model\":\"llama-3-8b\",\"prompt\":"
                      + prompt.getKey()
                      + ",\"max_tokens\":3,\"ignore_eos\":true,\"stream\":true}");

      List<JsonNode> events = EngineClient.events(response.body());
      assertThat(events.getFirst().path("object").asText()).isEqualTo("text_completion");
      assertThat(SimText.verify(prompt.getValue(), EngineClient.text(events), 3))
          .as(prompt.getKey())
          .isEqualTo(new Intact(3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void forcedFunctionIsCalled(Timing timing) throws Exception {
    String tools =
        ",\"max_tokens\":3,\"tools\":[{\"type\":\"function\",\"function\":{\"parameters\":"
            + "{\"type\":\"object\",\"properties\":{\"name\":{}}},\"name\":\"look_up\"}}],"
            + "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"look_up\"}}";

    JsonNode whole =
        EngineClient.json(clients.get(timing).post(CHAT, EngineClient.chat("q", tools)));
    List<JsonNode> events =
        EngineClient.events(
            clients
                .get(timing)
                .post(CHAT, EngineClient.chat("q", tools + ",\"stream\":true"))
                .body());

    JsonNode function = whole.at("/choices/0/message/tool_calls/0/function");
    assertThat(whole.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(function.path("name").asText()).isEqualTo("look_up");
    assertThat(argument(function.path("arguments").asText())).isEqualTo(SimText.answer("q", 3));
    StringBuilder streamed = new StringBuilder();
    events.forEach(
        event ->
            streamed.append(
                event.at("/choices/0/delta/tool_calls/0/function/arguments").asText("")));
    assertThat(events.getFirst().at("/choices/0/delta/tool_calls/0/function/name").asText())
        .isEqualTo("look_up");
    assertThat(argument(streamed.toString())).isEqualTo(SimText.answer("q", 3));
  }

  @ParameterizedTest
  @EnumSource(names = "INSTANT")
  void megabytesGoBothWays(Timing timing) throws Exception {
    // Given a prompt of more than 1 MiB
    String prompt = "lorem ipsum ".repeat(100_000);

    // When
    String whole =
        clients.get(timing).post(CHAT, EngineClient.chat(prompt, ",\"max_tokens\":120000")).body();
    String streamed =
        clients
            .get(timing)
            .post(CHAT, EngineClient.chat(prompt, ",\"max_tokens\":120000,\"stream\":true"))
            .body();

    // Then
    String answer = EngineClient.JSON.readTree(whole).at("/choices/0/message/content").asText();
    assertThat(answer.length()).isGreaterThan(1 << 20);
    assertThat(SimText.verify(prompt, answer, 120_000)).isEqualTo(new Intact(120_000));
    assertThat(EngineClient.text(EngineClient.events(streamed))).isEqualTo(answer);
  }

  private static String argument(String json) throws Exception {
    return EngineClient.JSON.readTree(json).path("text").asText();
  }

  @ParameterizedTest
  @EnumSource
  void aChatGoesOnWithTheAnswerItEndsWith(Timing timing) throws Exception {
    String begun = SimText.answer("hello", 12);
    String body =
        """
        {"model":"llama-3-8b","max_tokens":8,"continue_final_message":true,
         "add_generation_prompt":false,
         "messages":[{"role":"user","content":"hello"},{"role":"assistant","content":"%s"}]}"""
            .formatted(begun);

    JsonNode answer = EngineClient.json(clients.get(timing).post(CHAT, body));

    String rest = answer.at("/choices/0/message/content").asText();
    assertThat(SimText.verify("hello", begun + rest, 20)).isEqualTo(new Intact(20));
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(SimText.tokens("hello") + 12);
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(8);
  }

  @ParameterizedTest
  @EnumSource
  void aCompletionGoesOnWithTheAnswerItsPromptEndsWith(Timing timing) throws Exception {
    String begun = SimText.answer("10:abcd hello", 12);
    String body =
        "{\"model\":\"llama-3-8b\",\"max_tokens\":8,\"prompt\":\"10:abcd hello%s\"}"
            .formatted(begun);

    JsonNode answer = EngineClient.json(clients.get(timing).post("/v1/completions", body));

    String rest = answer.at("/choices/0/text").asText();
    assertThat(SimText.verify("10:abcd hello", begun + rest, 20)).isEqualTo(new Intact(20));
  }

  @ParameterizedTest
  @EnumSource
  void aTextThatIsNotItsOwnAnswerIsPartOfThePrompt(Timing timing) throws Exception {
    String other = SimText.answer("another prompt", 3);
    String body =
        """
        {"model":"llama-3-8b","max_tokens":8,"continue_final_message":true,
         "messages":[{"role":"user","content":"hello"},{"role":"assistant","content":"%s"}]}"""
            .formatted(other);

    JsonNode answer = EngineClient.json(clients.get(timing).post(CHAT, body));

    String text = answer.at("/choices/0/message/content").asText();
    assertThat(SimText.verify("hello\n" + other, text, 8)).isEqualTo(new Intact(8));
  }

  @ParameterizedTest
  @EnumSource
  void ownWordsAreOneTokenEach(Timing timing) throws Exception {
    String body = "{\"model\":\"m\",\"prompt\":\"%s\"}".formatted(SimText.answer("x", 14));
    JsonNode answer = EngineClient.json(clients.get(timing).post("/tokenize", body));
    assertThat(answer.path("count").asInt()).isEqualTo(14);
  }
}
