package io.weir.routing.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.RequestClass;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyScannerTest {
  private final BodyScanner scanner = new BodyScanner(1 << 20, 50);

  @Test
  void onlyWhatIsNeededIsTaken() throws BodyException {
    // Given the needed fields among others, nested ones of the same names included
    String body =
        """
        {"tools":[{"model":"no","stream":true}],"stream":true,"metadata":{"n":9},
         "service_tier":"priority","max_completion_tokens":100,"n":3,"model":"m/1:x"}
        """;

    // When / Then
    assertThat(scan(body))
        .isEqualTo(
            new ScannedBody(
                "m/1:x", true, RequestClass.PRIORITY, 0, 300, 0, 0, false, Optional.empty()));
  }

  @Test
  void aResponseMayRunInTheBackgroundAndMayNeedWhatOneEngineRemembers() throws BodyException {
    ScannedBody background =
        scan(
            """
            {"model":"m","background":true,"previous_response_id":null,"instructions":"12345678",
             "input":[{"type":"function_call_output","call_id":"c","output":"1234"}]}""");
    ScannedBody other =
        scan("{\"model\":\"m\",\"background\":{\"a\":true},\"conversation\":{\"id\":\"c\"}}");

    assertThat(background.background()).isTrue();
    assertThat(background.engineState()).isEmpty();
    assertThat(background.promptTokens()).isEqualTo(4);
    assertThat(other.background()).isFalse();
    assertThat(other.engineState()).contains("conversation");
  }

  @ParameterizedTest
  @CsvSource({
    "auto, STANDARD",
    "default, STANDARD",
    "flex, FLEX",
    "priority, PRIORITY",
    "batch, BATCH"
  })
  void tiersAreClasses(String tier, RequestClass requestClass) throws BodyException {
    assertThat(scan("{\"model\":\"m\",\"service_tier\":\"" + tier + "\"}").requestClass())
        .isEqualTo(requestClass);
  }

  @Test
  void nullsAreAbsent() throws BodyException {
    assertThat(
            scan(
                "{\"model\":\"m\",\"stream\":null,\"service_tier\":null,\"max_tokens\":null,\"n\":null}"))
        .isEqualTo(
            new ScannedBody(
                "m", false, RequestClass.STANDARD, 0, -1, 0, 0, false, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "prompt":"12345678"                                            | 2
          "prompt":["12345678","1234"]                                   | 3
          "prompt":[1,2,3,4,5]                                           | 5
          "input":"日本"                                                  | 2
          "messages":[{"role":"user","content":"12345678"}]              | 2
          "messages":[{"content":[{"type":"text","text":"1234"}]}]       | 1
          "messages":[{"content":[{"image_url":{"url":"data:12345678"}}]}] | 0
          "x":{"content":"12345678"}                                     | 0
          """)
  void promptTokensAreAQuarterOfTheTextsBytes(String field, int tokens) throws BodyException {
    int estimate = scan("{\"model\":\"m\"," + field + "}").promptTokens();
    // A closing quote may be counted with each text.
    assertThat(estimate).isBetween(tokens, tokens + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"model":"m","prompt": "ab" }                       | "ab"
          {"messages" :  [{"content":"日本"}] ,"model":"m"}    | [{"content":"日本"}]
          {"messages":[],"prompt":"x","model":"m"}            | []
          {"x":{"prompt":"y"},"input":[1,[2]],"model":"m"}    | [1,[2]]
          {"messages":"a\\"b\\u00e9","model":"m"}             | "a\\"b\\u00e9"
          {"prompt":"日本語","model":"m"}                      | "日本語"
          {"prompt":null,"model":"m"}                         | null
          """)
  void thePromptIsFoundInTheBodysBytes(String body, String prompt) throws BodyException {
    // Given a body that does not begin where its array does
    byte[] array = (">>" + body + "<<").getBytes(UTF_8);
    ByteBuffer within = ByteBuffer.wrap(array, 2, array.length - 4).slice();

    // When
    ScannedBody scanned = scanner.scan(within);

    // Then
    assertThat(UTF_8.decode(within.slice(scanned.promptOffset(), scanned.promptBytes())).toString())
        .isEqualTo(prompt);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    ByteBuffer latin1 = ByteBuffer.wrap(new byte[] {'{', '"', (byte) 0xe9, '"', ':', '1', '}'});
    assertThatThrownBy(() -> scanner.scan(latin1)).isInstanceOf(BodyException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[}",
        "{\"model\":\"m\"",
        "{\"x\":[1",
        "{\"x\": NaN}",
        "{\"a\":\"x",
        "{a:1}"
      })
  void mistakesAreNamedWithoutTheParsersOwnTerms(String body) {
    assertThatThrownBy(() -> scan(body))
        .isInstanceOfSatisfying(
            BodyException.class,
            refused ->
                assertThat(refused.getMessage())
                    .contains(" at line 1, column ")
                    .doesNotContain("Source", "Feature", "REDACTED"));
  }

  private ScannedBody scan(String body) throws BodyException {
    return scanner.scan(ByteBuffer.wrap(body.getBytes(UTF_8)));
  }
}
