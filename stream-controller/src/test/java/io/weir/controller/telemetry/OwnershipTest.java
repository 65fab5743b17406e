package io.weir.controller.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnershipTest {
  private static final List<String> ENGINES =
      IntStream.range(0, 300).mapToObj(i -> "engine-" + i).toList();

  @Test
  void nobodyOwnsWhereNobodyIs() {
    assertThat(Ownership.ownerOf("e", List.of())).isEmpty();
  }

  @Test
  void enginesAreShared() {
    Map<String, Integer> shares = new HashMap<>();
    owners(List.of("c1", "c2", "c3"))
        .values()
        .forEach(owner -> shares.merge(owner, 1, Integer::sum));

    assertThat(shares).hasSize(3);
    assertThat(shares.values()).allSatisfy(share -> assertThat(share).isBetween(60, 140));
  }

  @Test
  void theOrderDoesNotMatter() {
    assertThat(owners(List.of("c1", "c2", "c3"))).isEqualTo(owners(List.of("c3", "c1", "c2")));
  }

  @Test
  void onlyTheEnginesOfWhoIsGoneChangeHands() {
    // Given
    Map<String, String> before = owners(List.of("c1", "c2", "c3"));

    // When
    Map<String, String> after = owners(List.of("c1", "c3"));

    // Then
    before.forEach(
        (engine, owner) -> {
          if (!owner.equals("c2")) {
            assertThat(after).containsEntry(engine, owner);
          }
        });
  }

  private static Map<String, String> owners(List<String> controllers) {
    Map<String, String> owners = new HashMap<>();
    ENGINES.forEach(
        engine -> owners.put(engine, Ownership.ownerOf(engine, controllers).orElseThrow()));
    return owners;
  }
}
