package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CancelledIdsTest {
  private final CancelledIds ids = new CancelledIds(3);

  @Test
  void anIdIsKnownUntilItsRequestHasExpired() {
    // Given
    ids.add("a", 100);
    ids.add("b", 200);

    // When
    ids.forgetExpired(100);

    // Then
    assertThat(ids.contains("a")).isFalse();
    assertThat(ids.contains("b")).isTrue();
    assertThat(ids.size()).isEqualTo(1);
  }

  @Test
  void newsIsTakenOnce() {
    assertThat(ids.takeNews()).isFalse();
    ids.add("a", 100);
    assertThat(ids.takeNews()).isTrue();
    assertThat(ids.takeNews()).isFalse();

    // An id that is said again is no news.
    ids.add("a", 100);
    assertThat(ids.takeNews()).isFalse();
  }

  @Test
  void ofTooManyTheOldestAreForgotten() {
    for (String id : new String[] {"a", "b", "c", "d"}) {
      ids.add(id, 100);
    }
    assertThat(ids.contains("a")).isFalse();
    assertThat(ids.contains("d")).isTrue();
    assertThat(ids.size()).isEqualTo(3);
  }
}
