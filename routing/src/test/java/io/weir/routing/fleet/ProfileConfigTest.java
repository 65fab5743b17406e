package io.weir.routing.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.config.Configs;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineProfiles;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileConfigTest {
  private static Engine engine(String profile) {
    return Configs.with(
        Engine.class, Map.of("id", "a", "url", "http://h:1", "pool", "p", "profile", profile));
  }

  @Test
  void aWordNamesAProfileOfTheCatalogue() {
    ProfileConfig config = engine("h100-llama-3-8b").profile().orElseThrow();

    assertThat(config.profile()).isEqualTo(EngineProfiles.named("h100-llama-3-8b").orElseThrow());
    assertThat(config.trust()).isEqualTo(0.5);
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> engine("h200"))
        .hasMessageStartingWith("profile.name: no profile is named 'h200'; there are [a100-");
  }

  @Test
  void valuesOfItsOwnGoBeforeTheCatalogues() {
    ProfileConfig config =
        Configs.with(
            ProfileConfig.class,
            Map.of("name", "h100-llama-3-8b", "t0", "8", "max-num-seqs", "16", "speed", "2"));

    EngineProfile profile = config.profile();
    assertThat(profile.cost().t0()).isEqualTo(4);
    assertThat(profile.maxNumSeqs()).isEqualTo(16);
    assertThat(profile.kvBlocks()).isEqualTo(25_000);
    assertThat(config.trust()).isEqualTo(1);
  }

  @Test
  void badValuesAreNamed() {
    assertThatThrownBy(() -> Configs.with(ProfileConfig.class, Map.of("confidence", "2")))
        .hasMessage("confidence: must be above 0 to 1, is 2.0");
    assertThatThrownBy(() -> Configs.with(ProfileConfig.class, Map.of("g", "-1")))
        .hasMessage("g: must not be negative, is -1.0");
  }
}
