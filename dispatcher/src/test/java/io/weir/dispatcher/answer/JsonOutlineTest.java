package io.weir.dispatcher.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.TokenUsage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonOutlineTest {
  private static JsonOutline outline(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    JsonOutline outline = new JsonOutline();
    // One byte at a time, which is the hardest way.
    for (int i = 0; i < bytes.length; i++) {
      outline.accept(bytes, i, 1);
    }
    return outline;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " [1, 2] \n",
        "{\"a\":\"}\"}",
        "{\"a\":\"\\\"}\",\"b\":[{}]}",
        "{\"a\":-1.5e3}"
      })
  void wholeTexts(String text) {
    assertThat(outline(text).complete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\":\"}", "[1, [2]", "{\"a\":[1}"})
  void cutTexts(String text) {
    assertThat(outline(text).complete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "oops", "\"text\"", "{} {}", "}{", "12"})
  void otherTexts(String text) {
    assertThat(outline(text).plausible()).isFalse();
  }

  @Test
  void onlyTheTopLevelUsageCounts() {
    String text =
        "{\"x\":{\"usage\":{\"prompt_tokens\":1}},\"a\":\"usage\",\"usage\" : {\"prompt_tokens\": 4,"
            + " \"prompt_tokens_details\":{\"cached_tokens\":2,\"audio\":[]},\"completion_tokens\":7},"
            + "\"y\":[{\"usage\":{}}]}";
    assertThat(outline(text).usage().flatMap(UsageJson::read))
        .contains(new TokenUsage(4, 7, 2, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"usage\":null}",
        "{\"usage\":3}",
        "{\"usage\":[{\"prompt_tokens\":4}]}",
        "{\"a\":\"usage\",\"b\":{\"prompt_tokens\":4}}",
        "{\"us\\u0061ge\":{\"prompt_tokens\":4}}",
        "[{\"usage\":{\"prompt_tokens\":4}}]"
      })
  void noUsage(String text) {
    assertThat(outline(text).usage().flatMap(UsageJson::read)).isEmpty();
  }
}
