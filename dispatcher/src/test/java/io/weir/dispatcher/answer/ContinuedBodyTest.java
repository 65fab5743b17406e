package io.weir.dispatcher.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuedBodyTest {
  private static Optional<String> continued(String body, String text, int tokens) {
    // Within a larger array, as a record's body is.
    byte[] bytes = ("xx" + body + "yy").getBytes(StandardCharsets.UTF_8);
    return ContinuedBody.of(ByteBuffer.wrap(bytes, 2, bytes.length - 4).slice(), text, tokens)
        .map(
            buffer ->
                new String(
                    buffer.array(),
                    buffer.arrayOffset() + buffer.position(),
                    buffer.remaining(),
                    StandardCharsets.UTF_8));
  }

  @Test
  void aChatGetsTheTextAsItsLastMessageAndLowerLimits() {
    assertThat(
            continued(
                """
                {"model":"m", "messages":[{"role":"user","content":"gr\\u00fc\\u00df Ü"} ],"max_tokens": 20,
                 "max_completion_tokens":30,"temperature":0.70 }""",
                "say \"é\"\n",
                5))
        .contains(
            """
            {"model":"m", "messages":[{"role":"user","content":"gr\\u00fc\\u00df Ü"} \
            ,{"role":"assistant","content":"say \\"é\\"\\n"}],"max_tokens": 15,
             "max_completion_tokens":25,"temperature":0.70 \
            ,"continue_final_message":true,"add_generation_prompt":false}""");
  }

  @Test
  void aCompletionGetsTheTextAtTheEndOfItsPrompt() {
    assertThat(continued("{\"prompt\":\"Ü \\\"a\\\"\",\"max_tokens\":9}", " b\\", 8))
        .contains("{\"prompt\":\"Ü \\\"a\\\" b\\\\\",\"max_tokens\":1}");
  }

  @Test
  void withoutTextTheRequestIsTheSame() {
    String body = "{\"messages\":[],\"max_tokens\":9}";
    assertThat(continued(body, "", 0)).contains(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"n\":2",
        "\"best_of\":3",
        "\"echo\":true",
        "\"logprobs\":true",
        "\"logprobs\":3",
        "\"continue_final_message\":true",
        "\"add_generation_prompt\":true",
        "\"response_format\":{\"type\":\"json_object\"}",
        "\"structured_outputs\":{\"json\":{}}",
        "\"guided_regex\":\"a+\"",
        "\"suffix\":\"x\"",
        "\"max_tokens\":5"
      })
  void whatCannotBeGoneOnWithIsNot(String field) {
    assertThat(continued("{\"messages\":[]," + field + "}", "text", 5)).isEmpty();
    assertThat(continued("{" + field + ",\"messages\":[]}", "text", 5)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"n\":1",
        "\"logprobs\":false",
        "\"logprobs\":null",
        "\"response_format\":{\"type\":\"text\"}",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"prompt\"}}]",
        "\"max_tokens\":null"
      })
  void whatChangesNothingIsLetThrough(String field) {
    assertThat(continued("{\"messages\":[]," + field + "}", "text", 5)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"prompt\":[1,2]}", "{\"model\":\"m\"}", "{\"prompt\":\"a"})
  void somethingElseIsNotContinued(String body) {
    assertThat(continued(body, "text", 5)).isEmpty();
  }
}
