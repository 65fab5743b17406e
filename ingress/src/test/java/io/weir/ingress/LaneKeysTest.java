package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.routing.body.BodyException;
import io.weir.routing.body.BodyScanner;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneKeysTest {
  private static final int PARTITIONS = 4;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LaneKeys keys = new LaneKeys(lane -> PARTITIONS, () -> 0, registry);
  private final BodyScanner scanner = new BodyScanner(1 << 20, 50);

  @Test
  void aShortPromptIsKeyedBySessionElseById() throws BodyException {
    assertThat(key("short", Optional.of("s1"), "id")).isEqualTo(LaneKey.plain("s1"));
    assertThat(key("short", Optional.empty(), "id")).isEqualTo(LaneKey.plain("id"));
  }

  @Test
  void promptsThatBeginAlikeHaveOneKeyWhateverTheirSession() throws BodyException {
    // Given
    String beginning = "x".repeat(1100);

    // When
    LaneKey one = key(beginning + "one", Optional.of("s1"), "id1");
    LaneKey other = key(beginning + " and more", Optional.empty(), "id2");

    // Then
    assertThat(one).isEqualTo(other);
    assertThat(one.text()).matches("p:[0-9a-f]{16}");
    assertThat(one.partition()).isEmpty();
    assertThat(key("y".repeat(1100), Optional.empty(), "id3")).isNotEqualTo(one);
  }

  @Test
  void aKeyThatIsAllOfALaneGoesToAllItsPartitions() throws BodyException {
    // Given
    String beginning = "x".repeat(1100);
    Set<LaneKey> seen = new HashSet<>();

    // When
    for (int i = 0; i < 2000; i++) {
      seen.add(key(beginning, Optional.of("s" + i), "id"));
    }

    // Then
    assertThat(seen).hasSize(PARTITIONS);
    assertThat(seen.stream().filter(key -> key.text().matches("p:[0-9a-f]{16}#[123]")))
        .hasSize(PARTITIONS - 1);
    assertThat(seen.stream().flatMapToInt(key -> key.partition().stream()).distinct())
        .hasSize(PARTITIONS - 1);
    assertThat(registry.counter("weir.ingress.keys.salted").count()).isBetween(1000.0, 1990.0);
  }

  private LaneKey key(String prompt, Optional<String> session, String id) throws BodyException {
    ByteBuffer body =
        ByteBuffer.wrap(("{\"model\":\"m\",\"prompt\":\"" + prompt + "\"}").getBytes(UTF_8));
    return keys.of("lane", scanner.scan(body), body, session, id, "client");
  }
}
