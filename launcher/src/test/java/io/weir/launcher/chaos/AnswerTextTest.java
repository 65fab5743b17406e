package io.weir.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.engine.SimText;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
  private static final ChaosRequest REQUEST = Requests.stream(7, 3);

  private final AnswerText answer = new AnswerText(REQUEST);

  @Test
  void aStreamOverTwoConnectionsIsWhole() {
    // When
    answer.event("a.0", Requests.delta(REQUEST, 0, 1));
    answer.event("a.1", Requests.delta(REQUEST, 1, 2));
    Optional<String> resumeAfter = answer.lastId();
    answer.event("b.2", Requests.delta(REQUEST, 2, 3));
    answer.event("b.3", "[DONE]");
    // Then
    assertThat(resumeAfter).contains("a.1");
    assertThat(answer.outcome()).isEqualTo(new Outcome.Answered());
  }

  @Test
  void aRepeatedEventIsWrong() {
    // When
    answer.event("a.0", Requests.delta(REQUEST, 0, 1));
    answer.event("a.0", Requests.delta(REQUEST, 0, 1));
    // Then
    assertThat(answer.outcome()).isInstanceOf(Outcome.Wrong.class);
    assertThat(answer.ended()).isTrue();
  }

  @Test
  void aMissingEventIsWrong() {
    // When
    answer.event("a.0", Requests.delta(REQUEST, 0, 1));
    answer.event("a.2", Requests.delta(REQUEST, 2, 3));
    // Then
    assertThat(answer.outcome()).isInstanceOf(Outcome.Wrong.class);
  }

  @Test
  void anotherPromptsTextIsWrong() {
    // When
    answer.event("a.0", Requests.delta(Requests.stream(8, 3), 0, 3));
    answer.event("a.1", "[DONE]");
    // Then
    assertThat(answer.outcome()).isInstanceOf(Outcome.Wrong.class);
  }

  @Test
  void anEndBeforeTheLastTokenIsWrong() {
    // When
    answer.event("a.0", Requests.delta(REQUEST, 0, 2));
    answer.event("a.1", "[DONE]");
    // Then
    assertThat(answer.outcome()).isInstanceOf(Outcome.Wrong.class);
  }

  @Test
  void anErrorInTheStreamInterruptsIt() {
    // When
    answer.event("a.0", Requests.delta(REQUEST, 0, 1));
    answer.event("", "{\"error\":{\"weir\":{\"reason\":\"interrupted\"}}}");
    // Then
    assertThat(answer.outcome()).isEqualTo(new Outcome.Interrupted("interrupted"));
  }

  @Test
  void aStreamThatStopsWasDisconnected() {
    // When
    answer.event("a.0", Requests.delta(REQUEST, 0, 1));
    // Then
    assertThat(answer.outcome()).isEqualTo(new Outcome.Disconnected());
    assertThat(answer.ended()).isFalse();
  }

  @Test
  void aWholeAnswerIsChecked() {
    // Given
    ChaosRequest request = Requests.sync(1, 4);
    String right = SimText.answer(request.prompt(), 4);
    // When, then
    assertThat(AnswerText.whole(request, Replies.json(Requests.completion(right))))
        .isEqualTo(new Outcome.Answered());
    assertThat(AnswerText.whole(request, Replies.json(Requests.completion(right + right))))
        .isInstanceOf(Outcome.Wrong.class);
  }
}
