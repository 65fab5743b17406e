package io.weir.routing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EngineProfilesTest {
  @Test
  void catalogueNamesEverySetUp() {
    assertThat(EngineProfiles.all())
        .extracting(EngineProfile::name)
        .containsExactly(
            "a100-llama-3-8b",
            "a100-tp2-llama-3-8b",
            "h100-llama-3-8b",
            "a100-tp8-llama-3-70b",
            "a100-tp4-llama-2-70b",
            "h100-tp8-llama-2-70b",
            "h100-tp4-llama-2-70b",
            "h100-tp8-llama-2-70b-measured",
            "h100-tp4-llama-2-70b-measured",
            "a100-tp8-llama-2-70b-measured",
            "a100-tp4-llama-2-70b-measured",
            "a100-tp2-llama-3-8b-measured");
    assertThat(EngineProfiles.named("h100-llama-3-8b")).isPresent();
    assertThat(EngineProfiles.named("tpu")).isEmpty();
  }

  @Test
  void h100DecodesAloneInEightMilliseconds() {
    // Given 5.6 · 1.04 + 2 ms and one token after 1000
    IterationCost cost = EngineProfiles.named("h100-llama-3-8b").orElseThrow().cost();

    assertThat(cost.millis(1, 1000, 0)).isBetween(7.8, 7.9);
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> new IterationCost(-1, 0, 0, 0, 0, 0, 2))
        .isInstanceOf(IllegalArgumentException.class);
    EngineProfile profile = EngineProfiles.named("h100-llama-3-8b").orElseThrow();
    assertThatThrownBy(() -> profile.withBatch(0, 2048)).hasMessageContaining("maxNumSeqs");
  }
}
