package io.weir.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorsTest {
  private EngineServer server;
  private EngineClient client;

  @BeforeAll
  void start() {
    server =
        EngineClient.start(
            Map.of("max-body", "64KiB", "api-key", "sk-right", "max-model-len", "1000"));
    client = new EngineClient(server);
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          /v1/chat/completions | {"model":"llama-3-8b"} | 400 | messages | messages
          /v1/chat/completions | {"messages":[{"role":"user","content":"x"}]} | 400 | model | model
          /v1/chat/completions | {"model":"llama-3-8b","messages":"x"} | 400 | messages | array
          /v1/chat/completions | {"model":"llama-3-8b","messages":[{"content":7}]} | 400 | messages | content
          /v1/chat/completions | {"model":"gpt-9","messages":[{"content":"x"}]} | 404 | | gpt-9
          /v1/chat/completions | {"model":"llama-3-8b","messages":[{"content":"x"}],"n":2} | 400 | n | one choice
          /v1/chat/completions | {"model":"llama-3-8b","messages":[{"content":"x"}],"max_tokens":0} | 400 | max_tokens | at least 1
          /v1/chat/completions | {"model":"llama-3-8b","messages":[{"content":"x"}],"max_tokens":1000} | 400 | messages | maximum context length is 1000 tokens
          /v1/chat/completions | {"model":"llama-3-8b","messages":[{"content":"x"}],"stream":"yes"} | 400 | stream | true or false
          /v1/chat/completions | {"model":"llama-3-8b","messages":[{"content":"x"}],"tool_choice":"required"} | 400 | tool_choice | no tools
          /v1/chat/completions | {"model":"llama-3-8b", | 400 | | line 1, column
          /v1/chat/completions | [1] | 400 | | object
          /v1/completions | {"model":"llama-3-8b","prompt":["a","b"]} | 400 | prompt | one prompt
          /v1/completions | {"model":"llama-3-8b","prompt":[]} | 400 | prompt | missing
          /v1/embeddings | {"model":"llama-3-8b","input":"x","encoding_format":"hex"} | 400 | encoding_format | float or base64
          /v1/nothing | {} | 404 | | POST /v1/nothing
          """)
  void badRequestsAreToldWhatIsWrong(
      String path, String body, int status, String param, String says) throws Exception {
    HttpResponse<String> response = client.post(path, body, "authorization", "Bearer sk-right");

    JsonNode error = EngineClient.json(response).path("error");
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(error.path("message").asText()).contains(says);
    assertThat(error.path("param").asText(null)).isEqualTo(param);
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.has("code")).isTrue();
  }

  @Test
  void wrongMethodIs405() throws Exception {
    assertThat(client.get("/v1/chat/completions").statusCode()).isEqualTo(405);
  }

  @Test
  void tooLargeBodyIs413InTheSameShape() throws Exception {
    HttpResponse<String> response =
        client.post(
            "/v1/chat/completions",
            EngineClient.chat("x".repeat(70_000), ""),
            "authorization",
            "Bearer sk-right");

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(EngineClient.json(response).at("/error/type").asText())
        .isEqualTo("invalid_request_error");
  }

  @Test
  void keyIsRequiredExceptForHealthAndMetrics() throws Exception {
    HttpResponse<String> none = client.get("/v1/models");
    HttpResponse<String> wrong =
        client.post(
            "/v1/chat/completions", EngineClient.chat("x", ""), "authorization", "Bearer sk-wrong");

    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(EngineClient.json(wrong).at("/error/code").asText()).isEqualTo("invalid_api_key");
    assertThat(client.get("/admin/faults").statusCode()).isEqualTo(401);
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
    assertThat(client.get("/metrics").statusCode()).isEqualTo(200);
    assertThat(client.get("/v1/models", "authorization", "Bearer sk-right").statusCode())
        .isEqualTo(200);
  }
}
