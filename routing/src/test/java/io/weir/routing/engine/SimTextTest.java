package io.weir.routing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.engine.SimText.Verdict.Broken;
import io.weir.routing.engine.SimText.Verdict.Intact;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimTextTest {
  private static final String PROMPT = "Why is the sky blue?";

  @Test
  void answerVerifies() {
    String answer = SimText.answer(PROMPT, 1200);

    assertThat(SimText.verify(PROMPT, answer)).isEqualTo(new Intact(1200));
    assertThat(SimText.verify(PROMPT, answer, 1200)).isEqualTo(new Intact(1200));
    assertThat(SimText.verify(PROMPT, "")).isEqualTo(new Intact(0));
  }

  @Test
  void answerToAnotherPromptDoesNot() {
    assertThat(SimText.verify("Why is the sea blue?", SimText.answer(PROMPT, 3)))
        .isInstanceOfSatisfying(Broken.class, broken -> assertThat(broken.token()).isZero());
  }

  @Test
  void lostRepeatedSwappedAndCutTokensAreFound() {
    String[] tokens = SimText.answer(PROMPT, 30).split("(?<= )");
    String lost = join(tokens, 0, 10) + join(tokens, 11, 30);
    String repeated = join(tokens, 0, 10) + join(tokens, 9, 30);
    String swapped = join(tokens, 0, 9) + tokens[10] + tokens[9] + join(tokens, 11, 30);
    String cut = join(tokens, 0, 30).substring(0, join(tokens, 0, 29).length() + 3);

    assertThat(List.of(lost, repeated, swapped, cut))
        .map(answer -> SimText.verify(PROMPT, answer))
        .map(verdict -> ((Broken) verdict).token())
        .containsExactly(10, 10, 9, 29);
  }

  @Test
  void wrongNumberOfTokensIsFound() {
    String answer = SimText.answer(PROMPT, 5);

    assertThat(SimText.verify(PROMPT, answer, 6))
        .isEqualTo(new Broken(5, answer.length(), "token 5", ""));
    assertThat(SimText.verify(PROMPT, answer, 4)).isInstanceOf(Broken.class);
  }

  @Test
  void largestIndexFitsATokensBytes() {
    byte[] target = new byte[SimText.MAX_TOKEN_BYTES];

    int end = SimText.write(1, Integer.MAX_VALUE, target, 0);

    assertThat(new String(target, 0, end, StandardCharsets.US_ASCII))
        .matches("2147483647:[a-z]{4} ");
  }

  @Test
  void tokensAreFourBytesOfUtf8() {
    for (String text : List.of("", "abcd", "abcde", "Größe", "日本語テキスト", "a🙂b")) {
      int bytes = text.getBytes(StandardCharsets.UTF_8).length;
      assertThat(SimText.tokens(text)).as(text).isEqualTo(Math.max(1, (bytes + 3) / 4));
    }
  }

  @Test
  void equalPrefixesHaveEqualBlocksAndDifferentOnesDoNot() {
    String system = "You are a careful assistant. ".repeat(20);

    long[] one = new PromptDigest(16).append(system).append("One").blockHashes();
    long[] two = new PromptDigest(16).append(system + "Two").blockHashes();
    long[] other = new PromptDigest(16).append("X" + system).blockHashes();

    assertThat(one).hasSize((system.length() + 3) / 64).isEqualTo(two);
    assertThat(other[0]).isNotEqualTo(one[0]);
  }

  private static String join(String[] tokens, int from, int to) {
    return String.join("", List.of(tokens).subList(from, to));
  }
}
