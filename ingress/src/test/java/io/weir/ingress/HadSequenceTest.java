package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.schemas.ResponseEnd;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HadSequenceTest {
  private static final String EVENTS =
      """
      event: response.created
      data: {"type":"response.created","response":{"sequence_number":9},"sequence_number":0}

      data: {"sequence_number":1,"delta":"é \\"sequence_number\\":7"}

      : nothing

      event: response.output_text.delta
      data:{"delta":"x","sequence_number":2}

      """;

  private static Deliver piece(String events, int count, Optional<ResponseEnd> end) {
    return new Deliver(
        "a", 1, Optional.empty(), ByteBuffer.wrap(events.getBytes(UTF_8)), 0, count, end);
  }

  private static Had.Of had(long last) {
    return new HadSequence(last).of(piece(EVENTS, 4, Optional.empty()));
  }

  @Test
  void theRestBeginsAtTheFirstHigherNumber() {
    assertThat(had(0)).isEqualTo(new Had.Of.Some(1));
    assertThat(had(1)).isEqualTo(new Had.Of.Some(3));
    assertThat(had(2)).isEqualTo(new Had.Of.All());
    assertThat(had(7)).isEqualTo(new Had.Of.All());
  }

  @Test
  void whoHasEverythingGetsTheEnd() {
    Optional<ResponseEnd> end = Optional.of(new ResponseEnd(null, null, 1L, 4L));

    assertThat(new HadSequence(2).of(piece(EVENTS, 4, end))).isEqualTo(new Had.Of.Some(4));
    assertThat(new HadSequence(2).of(piece("", 0, end))).isEqualTo(new Had.Of.Some(0));
  }

  @Test
  void numbersOfATextThatWasMadeAnewMeanNothing() {
    // Given events that became void
    HadSequence had = new HadSequence(5);
    had.of(piece(EVENTS, 4, Optional.empty()));

    // When
    had.voided();

    // Then
    assertThat(had.of(piece(EVENTS, 4, Optional.empty()))).isEqualTo(new Had.Of.Another());
  }

  @Test
  void anAttemptWithoutEventsLeavesNoDoubt() {
    HadSequence had = new HadSequence(0);

    had.voided();

    assertThat(had.of(piece(EVENTS, 4, Optional.empty()))).isEqualTo(new Had.Of.Some(1));
  }
}
