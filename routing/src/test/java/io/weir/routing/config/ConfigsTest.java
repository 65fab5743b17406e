package io.weir.routing.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.config.ConfigNode.Mapping;
import io.weir.routing.config.ConfigNode.Scalar;
import io.weir.routing.config.ConfigNode.Sequence;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigsTest {
  enum Mode {
    FAST_LANE,
    SLOW
  }

  record Inner(@Default("3") int count) {
    Inner {
      if (count < 1) {
        throw new ConfigException("count", "must be at least 1, is " + count);
      }
    }
  }

  record Outer(
      @Default("76ms") Duration roundTrip,
      @Default("8MiB") DataSize limit,
      @Default("fast-lane") Mode mode,
      Optional<Secret> key,
      List<Inner> inners,
      Map<String, Double> shares,
      Inner nested) {}

  record Needy(String name) {}

  @Test
  void absentKeysTakeTheirDefaults() {
    assertThat(Configs.defaults(Outer.class))
        .isEqualTo(
            new Outer(
                Duration.ofMillis(76),
                DataSize.mebibytes(8),
                Mode.FAST_LANE,
                Optional.empty(),
                List.of(),
                Map.of(),
                new Inner(3)));
  }

  @Test
  void givenKeysAreRead() {
    // Given
    Mapping tree =
        new Mapping(
            Map.of(
                "mode", new Scalar("slow", 1),
                "key", new Scalar("hush", 2),
                "inners",
                    new Sequence(List.of(new Mapping(Map.of("count", new Scalar("7", 3)), 3)), 3),
                "shares", new Mapping(Map.of("a", new Scalar("0.5", 4)), 4)),
            1);

    // When
    Outer outer = Configs.bind(Outer.class, tree);

    // Then
    assertThat(outer.mode()).isEqualTo(Mode.SLOW);
    assertThat(outer.key()).contains(new Secret("hush"));
    assertThat(outer.toString()).doesNotContain("hush");
    assertThat(outer.inners()).containsExactly(new Inner(7));
    assertThat(outer.shares()).containsExactly(Map.entry("a", 0.5));
  }

  @Test
  void unknownKeyNamesItsLineAndTheKnownOnes() {
    Mapping tree = new Mapping(Map.of("limits", new Scalar("1B", 12)), 1);

    assertThatThrownBy(() -> Configs.bind(Outer.class, tree))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("line 12: limits: unknown key; known here: round-trip, limit,");
  }

  @Test
  void validationInsideNestedRecordsNamesPathAndLine() {
    Mapping tree =
        new Mapping(
            Map.of(
                "inners",
                new Sequence(List.of(new Mapping(Map.of("count", new Scalar("0", 9)), 8)), 7)),
            1);

    assertThatThrownBy(() -> Configs.bind(Outer.class, tree))
        .hasMessage("line 9: inners[0].count: must be at least 1, is 0");
  }

  @Test
  void badUnitsSayWhatWouldBeRight() {
    assertThatThrownBy(() -> Configs.with(Outer.class, Map.of("round-trip", "76")))
        .hasMessage(
            "round-trip: '76' is not a duration; write a whole number with us, ms, s, m, h or d,"
                + " such as 76ms");
    assertThatThrownBy(() -> Configs.with(Outer.class, Map.of("mode", "quick")))
        .hasMessage("mode: 'quick' is none of fast-lane, slow");
  }

  @Test
  void missingKeyWithoutDefaultIsAnError() {
    assertThatThrownBy(() -> Configs.defaults(Needy.class))
        .hasMessage("name: missing; it has no default");
  }
}
