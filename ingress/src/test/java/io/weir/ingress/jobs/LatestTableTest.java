package io.weir.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LatestTableTest {
  private final LatestTable<String> table = new LatestTable<>(2, value -> value.startsWith("dead"));

  @Test
  void theNewestValueOfAKeyCounts() throws InterruptedException {
    table.apply("a", Optional.of("one"));
    table.apply("a", Optional.of("two"));
    assertThat(table.find("a")).contains("two");
    assertThat(table.await("a", Optional::isPresent, Duration.ZERO)).isTrue();
    table.apply("a", Optional.empty());
    assertThat(table.find("a")).isEmpty();
    assertThat(table.await("a", Optional::isPresent, Duration.ofMillis(1))).isFalse();
  }

  @Test
  void aFullTableTakesNoNewKeysUntilSomethingIsDead() {
    // Given
    table.apply("a", Optional.of("one"));
    table.apply("b", Optional.of("two"));
    assertThat(table.isFull()).isTrue();
    // When
    table.apply("c", Optional.of("three"));
    table.apply("b", Optional.of("dead"));
    // Then
    assertThat(table.find("c")).isEmpty();
    assertThat(table.find("b")).isEmpty();
    table.apply("d", Optional.of("four"));
    assertThat(table.all((key, value) -> true)).containsExactly("one", "four");
  }
}
