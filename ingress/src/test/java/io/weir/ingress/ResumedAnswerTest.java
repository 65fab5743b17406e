package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stream of six events: four of an attempt that broke off, two of one that went on. */
class ResumedAnswerTest {
  private static final List<Deliver> PIECES =
      List.of(
          piece("a", true, "0\n\n1\n\n2\n\n", 0, 3, Optional.empty()),
          piece("a", false, "3\n\n", 3, 1, Optional.empty()),
          piece("b", false, "4\n\n", 4, 1, Optional.empty()),
          piece("b", false, "5\n\n", 5, 1, Optional.of(18L)));

  @ParameterizedTest
  @CsvSource({"a,0,12345", "a,1,2345", "a,2,345", "a,3,45", "b,4,5", "b,5,''"})
  void theRestFollowsWhateverTheChunks(String attempt, long seq, String rest) throws Exception {
    // Given
    Recorded recorded = new Recorded();
    ResumedAnswer answer = new ResumedAnswer(recorded, new HadEvent(new EventId(attempt, seq)));

    // When
    for (Deliver piece : PIECES) {
      answer.deliver(piece);
    }

    // Then
    assertThat(recorded.text()).isEqualTo(rest);
    assertThat(recorded.errors).isEmpty();
    assertThat(recorded.pieces.get(0).head()).isPresent();
    assertThat(recorded.pieces).extracting(Deliver::firstSeq).isSorted();
    assertThat(recorded.pieces.get(recorded.pieces.size() - 1).end())
        .map(ResponseEnd::getBodyBytes)
        .contains(3L * rest.length());
  }

  @ParameterizedTest
  @CsvSource({"a,4", "b,3", "b,6", "c,0", "c,5"})
  void anEventOfAnotherAttemptIsNotPartOfIt(String attempt, long seq) throws Exception {
    // Given
    Recorded recorded = new Recorded();
    ResumedAnswer answer = new ResumedAnswer(recorded, new HadEvent(new EventId(attempt, seq)));

    // When
    for (Deliver piece : PIECES) {
      if (!answer.isOver()) {
        answer.deliver(piece);
      }
    }

    // Then
    assertThat(recorded.pieces).isEmpty();
    assertThat(recorded.errors)
        .singleElement()
        .satisfies(e -> assertThat(e.status()).isEqualTo(409));
  }

  @Test
  void whatWasVoidedIsNotCounted() throws Exception {
    // Given a client that has the second text's first event
    Recorded recorded = new Recorded();
    ResumedAnswer answer = new ResumedAnswer(recorded, new HadEvent(new EventId("b", 1)));
    answer.deliver(piece("a", true, "x\n\n", 0, 1, Optional.empty()));

    // When
    answer.voided();
    answer.deliver(piece("b", true, "0\n\n1\n\n", 0, 2, Optional.empty()));
    answer.deliver(piece("b", false, "2\n\n", 2, 1, Optional.of(9L)));

    // Then
    assertThat(recorded.text()).isEqualTo("2");
    assertThat(recorded.pieces.get(recorded.pieces.size() - 1).end())
        .map(ResponseEnd::getBodyBytes)
        .contains(3L);
  }

  @Test
  void aClientWithTextDoesNotWaitInTheQueue() throws Exception {
    // Given
    Recorded recorded = new Recorded();

    // When
    new ResumedAnswer(recorded, new HadEvent(new EventId("a", 0)))
        .queued(new Queued(5_000, Optional.empty()));

    // Then
    assertThat(recorded.errors).hasSize(1);
  }

  private static Deliver piece(
      String attempt, boolean first, String text, long firstSeq, int count, Optional<Long> bytes) {
    return new Deliver(
        attempt,
        1,
        first
            ? Optional.of(
                new ResponseHead(200, "text/event-stream", null, "e", null, 0L, null, false))
            : Optional.empty(),
        ByteBuffer.wrap(text.getBytes(UTF_8)),
        firstSeq,
        count,
        bytes.map(b -> new ResponseEnd(null, null, b, 6L)));
  }

  private static final class Recorded implements Answer {
    private final List<Deliver> pieces = new ArrayList<>();
    private final List<ApiError> errors = new ArrayList<>();

    String text() {
      StringBuilder text = new StringBuilder();
      pieces.forEach(piece -> text.append(UTF_8.decode(piece.data().duplicate())));
      return text.toString().replace("\n", "");
    }

    @Override
    public void deliver(Deliver piece) {
      pieces.add(piece);
    }

    @Override
    public void fail(ApiError error) {
      errors.add(error);
    }

    @Override
    public void queued(Queued where) {}

    @Override
    public boolean isUnderWay() {
      return !pieces.isEmpty();
    }

    @Override
    public boolean isOver() {
      return !errors.isEmpty();
    }
  }
}
