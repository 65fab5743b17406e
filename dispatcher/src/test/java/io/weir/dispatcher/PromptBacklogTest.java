package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PromptBacklogTest {
  private final PromptBacklog backlog = new PromptBacklog();

  @Test
  void aStreamsPromptWaitsUntilItsFirstToken() {
    backlog.sentStream(1000);
    backlog.sentStream(500);
    assertThat(backlog.tokens(Duration.ofHours(1).toNanos())).isEqualTo(1500);
    backlog.begun(1000);
    assertThat(backlog.tokens(Duration.ofHours(2).toNanos())).isEqualTo(500);
  }

  @Test
  void ofAWholeAnswersPromptHalfIsTakenToBeDoneEveryHalfSecond() {
    long start = Duration.ofSeconds(5).toNanos();
    backlog.sentWhole(1000, start);
    assertThat(backlog.tokens(start)).isEqualTo(1000);
    assertThat(backlog.tokens(start + Duration.ofMillis(500).toNanos()))
        .isCloseTo(500, within(1e-6));
    assertThat(backlog.tokens(start + Duration.ofSeconds(20).toNanos())).isLessThan(1e-6);
  }

  @Test
  void ofAWholeAnswerThatHasComeNothingIsLeft() {
    // Given
    long start = Duration.ofSeconds(5).toNanos();
    backlog.sentWhole(1000, start);
    backlog.sentWhole(100, start + Duration.ofMillis(300).toNanos());

    // When
    long end = start + Duration.ofMillis(700).toNanos();
    backlog.endedWhole(1000, start, end);

    // Then what is left of the other
    assertThat(backlog.tokens(end)).isCloseTo(100 * Math.pow(0.5, 0.8), within(1e-6));
  }
}
