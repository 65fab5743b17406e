package io.weir.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.engine.SimText;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromptTextTest {
  private static final int BLOCK_BYTES = PromptText.BLOCK_TOKENS * PromptText.WORD_BYTES;

  private final PromptText prompts = new PromptText(1);

  private String prompt(int number, int tokens, Integer... blocks) {
    return new String(
        prompts.of(new Shot(0, tokens, 1, List.of(blocks)), number), StandardCharsets.US_ASCII);
  }

  @Test
  void hasAWordPerToken() {
    for (int tokens : new int[] {1, 3, 4, 100, 5_000, 40_000}) {
      assertThat(prompt(0, tokens).split(" ")).hasSize(tokens).allMatch(w -> w.length() == 3);
    }
  }

  @Test
  void simulatedEnginesCountAsManyTokens() {
    assertThat(SimText.tokens(prompt(9, 1000))).isEqualTo(1000);
  }

  @Test
  void requestsShareNoPrefixUnlessTheirBlocksDo() {
    Set<String> starts = new HashSet<>();
    for (int number = 0; number < 10_000; number++) {
      starts.add(prompt(number, 20).substring(0, 4 * PromptText.WORD_BYTES));
    }

    assertThat(starts).hasSize(10_000);
    assertThat(prompt(1, 1200, 7, 8).substring(0, 2 * BLOCK_BYTES))
        .isEqualTo(prompt(2, 1300, 7, 8).substring(0, 2 * BLOCK_BYTES));
    assertThat(prompt(1, 1200, 7, 8).substring(BLOCK_BYTES, 2 * BLOCK_BYTES))
        .isNotEqualTo(prompt(2, 1200, 7, 9).substring(BLOCK_BYTES, 2 * BLOCK_BYTES));
    assertThat(prompt(1, 600, 7).substring(BLOCK_BYTES))
        .isNotEqualTo(prompt(2, 600, 7).substring(BLOCK_BYTES));
  }

  @Test
  void seedDecidesTheText() {
    Shot shot = new Shot(0, 300, 1, List.of());

    assertThat(new PromptText(1).of(shot, 4)).isEqualTo(prompts.of(shot, 4));
    assertThat(new PromptText(2).of(shot, 4)).isNotEqualTo(prompts.of(shot, 4));
  }
}
