package io.weir.routing.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.batch.LineSplitter.Line;
import io.weir.schemas.BatchError;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputCheckTest {
  private static final String CHAT = "/v1/chat/completions";

  private final LineParser parser = new LineParser(CHAT, 10_000, 20);
  private final InputCheck check = new InputCheck(parser, "llama"::equals);

  private static String line(String id, String more) {
    return """
        {"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"llama"%s}}"""
        .formatted(id, more);
  }

  private static Line line(int number, String text) {
    return new Line(number, number, ByteBuffer.wrap(text.getBytes(UTF_8)), false);
  }

  @Test
  void theBodyIsTakenByteForByte() throws LineException {
    // Given a body with space and escapes that are not to be touched, within a larger array
    String body = "{ \"model\" : \"llama\", \"prompt\":\"\\u00e9 é\" }";
    byte[] array =
        ("xx{\"custom_id\":\"a\",\"body\": "
                + body
                + ",\"url\":\"/v1/chat/completions\",\"method\":\"POST\"}yy")
            .getBytes(UTF_8);
    // When
    BatchLine line = parser.parse(ByteBuffer.wrap(array, 2, array.length - 4).slice());
    // Then
    assertThat(UTF_8.decode(line.body().duplicate()).toString()).isEqualTo(body);
    assertThat(line.customId()).isEqualTo("a");
    assertThat(line.scanned().model()).isEqualTo("llama");
  }

  @Test
  void goodLinesHaveNoErrors() {
    assertThat(check.take(line(0, line("a", "")))).isTrue();
    assertThat(check.take(line(1, line("b", ",\"stream\":false")))).isTrue();
    assertThat(check.errors()).isEmpty();
    assertThat(check.lines()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nonsense                                                                                | invalid_json_line          |
          [1]                                                                                     | invalid_json_line          |
          {} {}                                                                                   | invalid_json_line          |
          {}                                                                                      | missing_required_parameter | custom_id
          {"custom_id":7}                                                                         | invalid_custom_id          | custom_id
          {"custom_id":""}                                                                        | invalid_custom_id          | custom_id
          {"custom_id":"a","custom_id":"b"}                                                       | invalid_request            | custom_id
          {"custom_id":"a","method":"GET"}                                                        | invalid_method             | method
          {"custom_id":"a","method":"POST","url":"/v1/embeddings"}                                | invalid_url                | url
          {"custom_id":"a","method":"POST","url":"/v1/chat/completions"}                          | missing_required_parameter | body
          {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":[]}                | invalid_body               | body
          {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{}}                | invalid_value              | body.model
          {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt"}}   | model_not_found            | body.model
          {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"llama","stream":true}} | invalid_value | body.stream
          """)
  void eachMistakeIsNamedWithItsLineAndField(String text, String code, String param) {
    // When
    check.take(line(41, text));
    // Then
    assertThat(check.errors()).hasSize(1);
    BatchError error = check.errors().getFirst();
    assertThat(error.getCode()).isEqualTo(code);
    assertThat(error.getParam().orElse(null)).isEqualTo(param);
    assertThat(error.getLine()).contains(42);
  }

  @Test
  void aResponseInTheBackgroundOrAfterAnotherCannotBeALine() {
    LineParser responses = new LineParser("/v1/responses", 10_000, 20);
    InputCheck lines = new InputCheck(responses, model -> true);
    String line =
        "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":{\"model\":\"m\",%s}}";
    lines.take(line(0, line.formatted("a", "\"background\":true")));
    lines.take(line(1, line.formatted("b", "\"previous_response_id\":\"resp_1\"")));
    lines.take(line(2, line.formatted("c", "\"input\":\"x\"")));
    assertThat(lines.errors().stream().map(error -> error.getParam().orElse("")))
        .containsExactly("body.background", "body.previous_response_id");
  }

  @Test
  void aCustomIdIsGivenOnce() {
    check.take(line(0, line("same", "")));
    check.take(line(1, line("same", "")));
    assertThat(check.errors().stream().map(BatchError::getCode))
        .containsExactly("duplicate_custom_id");
  }

  @Test
  void anEmptyFileIsAnError() {
    assertThat(check.errors().stream().map(BatchError::getCode)).containsExactly("empty_file");
  }

  @Test
  void aHundredErrorsAreEnough() {
    int taken = 0;
    while (check.take(line(taken, "x"))) {
      taken++;
    }
    assertThat(check.errors()).hasSize(100);
  }

  @Test
  void fiftyThousandLinesAreTheMost() {
    InputCheck large = new InputCheck(parser, model -> true);
    for (int i = 0; i < 50_000; i++) {
      assertThat(large.take(line(i, line("id" + i, "")))).isTrue();
    }
    assertThat(large.errors()).isEmpty();
    assertThat(large.take(line(50_000, line("one more", "")))).isFalse();
    assertThat(large.errors().stream().map(BatchError::getCode))
        .isEqualTo(List.of("too_many_lines"));
  }
}
