package io.weir.routing.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Ignore;
import io.weir.routing.answer.AnswerEffect.Reason;
import io.weir.routing.answer.AnswerEffect.Replace;
import io.weir.routing.answer.AnswerEffect.Restart;
import io.weir.schemas.ResponseChunk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerReducerTest {
  @Test
  void aWholeAnswerInOneRecordIsDelivered() {
    // When
    List<AnswerEffect> effects = read(Chunks.whole("a", "text"));

    // Then
    assertThat(effects)
        .singleElement()
        .isInstanceOfSatisfying(
            Deliver.class,
            delivered -> {
              assertThat(Chunks.text(delivered.data())).isEqualTo("text");
              assertThat(delivered.head()).contains(Chunks.headOf("a"));
              assertThat(delivered.end()).isPresent();
            });
  }

  @Test
  void aHeadComesWithItsAttemptsFirstData() {
    // When
    List<AnswerEffect> effects =
        read(
            Chunks.head("a"),
            Chunks.head("b"),
            Chunks.data("b", "1"),
            Chunks.data("a", "x"),
            Chunks.data("b", "2"),
            Chunks.end("b"));

    // Then
    assertThat(effects.get(0)).isEqualTo(new Ignore(Reason.HEAD_HELD));
    assertThat(effects.get(1)).isEqualTo(new Ignore(Reason.HEAD_HELD));
    assertThat(effects.get(2))
        .isInstanceOfSatisfying(
            Deliver.class, first -> assertThat(first.head()).contains(Chunks.headOf("b")));
    assertThat(effects.get(3)).isEqualTo(new Ignore(Reason.OTHER_ATTEMPT));
    assertThat(effects.get(4))
        .isInstanceOfSatisfying(Deliver.class, later -> assertThat(later.head()).isEmpty());
  }

  @Test
  void anEndWithoutDataDecides() {
    // When
    List<AnswerEffect> effects = read(Chunks.end("a"), Chunks.data("b", "late"), Chunks.reset("a"));

    // Then
    assertThat(effects.get(0)).isInstanceOf(Deliver.class);
    assertThat(effects.get(1)).isEqualTo(new Ignore(Reason.AFTER_END));
    assertThat(effects.get(2)).isEqualTo(new Ignore(Reason.AFTER_END));
  }

  @Test
  void aResetOfTheCurrentAttemptRestarts() {
    // When
    List<AnswerEffect> effects =
        read(
            Chunks.data("a", "1"),
            Chunks.reset("a"),
            Chunks.data("a", "2"),
            Chunks.end("a"),
            Chunks.whole("b", "all"));

    // Then
    assertThat(effects.get(1)).isEqualTo(new Restart("a"));
    assertThat(effects.get(2)).isEqualTo(new Ignore(Reason.CLOSED_ATTEMPT));
    assertThat(effects.get(3)).isEqualTo(new Ignore(Reason.CLOSED_ATTEMPT));
    assertThat(effects.get(4)).isInstanceOf(Deliver.class);
  }

  @Test
  void aResetOfAnAttemptThatOnlyHadItsHeadVoidsTheHead() {
    // When
    List<AnswerEffect> effects = read(Chunks.head("a"), Chunks.reset("a"), Chunks.data("b", "1"));

    // Then
    assertThat(effects.get(1)).isEqualTo(new Ignore(Reason.NOTHING_TO_RESET));
    assertThat(effects.get(2))
        .isInstanceOfSatisfying(Deliver.class, first -> assertThat(first.head()).isEmpty());
  }

  @Test
  void whatFollowsAHoleIsIgnored() {
    // When the second event could not be written
    List<AnswerEffect> effects =
        read(
            Chunks.event("a", 0, "one"),
            Chunks.event("a", 2, "three"),
            Chunks.end("a", 11),
            Chunks.reset("a"));

    // Then
    assertThat(effects.get(1)).isEqualTo(new Ignore(Reason.HOLE));
    assertThat(effects.get(2)).isEqualTo(new Ignore(Reason.HOLE));
    assertThat(effects.get(3)).isEqualTo(new Restart("a"));
  }

  @Test
  void anAttemptWhoseBeginningIsMissingStaysOut() {
    // When
    List<AnswerEffect> effects =
        read(Chunks.event("a", 1, "two"), Chunks.event("b", 0, "one"), Chunks.end("a", 3));

    // Then
    assertThat(effects.get(0)).isEqualTo(new Ignore(Reason.HOLE));
    assertThat(effects.get(1)).isInstanceOf(Deliver.class);
    assertThat(effects.get(2)).isEqualTo(new Ignore(Reason.CLOSED_ATTEMPT));
  }

  @Test
  void keptTextIsContinued() {
    // When
    AnswerState state =
        state(
            Chunks.event("a", 0, "one"),
            Chunks.event("a", 1, "two"),
            Chunks.keep("a"),
            Chunks.event("a", 2, "late"),
            Chunks.goOn("b", "three", "a", 2, 6));

    // Then one running number counts over both
    assertThat(state.current()).contains("b");
    assertThat(state.events()).isEqualTo(3);
    assertThat(state.bytes()).isEqualTo(11);
    assertThat(state.holds("a", 1)).isTrue();
    assertThat(state.holds("a", 2)).isFalse();
    assertThat(state.holds("b", 1)).isFalse();
    assertThat(state.holds("b", 2)).isTrue();
    assertThat(state.holds("b", 3)).isFalse();
    assertThat(state.holds("c", 0)).isFalse();
  }

  @Test
  void aClientIsToldOfOneHeadOnly() {
    // When
    List<AnswerEffect> effects =
        read(Chunks.event("a", 0, "one"), Chunks.keep("a"), Chunks.goOn("b", "two", "a", 1, 3));

    // Then
    assertThat(effects.get(1)).isEqualTo(new Ignore(Reason.TEXT_KEPT));
    assertThat(effects.get(2))
        .isInstanceOfSatisfying(Deliver.class, piece -> assertThat(piece.head()).isEmpty());
  }

  @Test
  void aContinuationOfAnotherTextStaysOut() {
    // When b saw one event, but the text is two long when it comes
    List<AnswerEffect> effects =
        read(
            Chunks.event("a", 0, "one"),
            Chunks.event("a", 1, "two"),
            Chunks.keep("a"),
            Chunks.goOn("b", "x", "a", 1, 3),
            Chunks.event("b", 2, "y"),
            Chunks.goOn("c", "three", "a", 2, 6));

    // Then
    assertThat(effects.get(3)).isEqualTo(new Ignore(Reason.STALE_CONTINUATION));
    assertThat(effects.get(4)).isEqualTo(new Ignore(Reason.CLOSED_ATTEMPT));
    assertThat(effects.get(5)).isInstanceOf(Deliver.class);
  }

  @Test
  void aContinuationWithoutTextStaysOut() {
    // When the text was void before b came
    List<AnswerEffect> effects =
        read(
            Chunks.event("a", 0, "one"),
            Chunks.keep("a"),
            Chunks.reset("a"),
            Chunks.goOn("b", "two", "a", 1, 3),
            Chunks.event("c", 0, "one"));

    // Then
    assertThat(effects.get(2)).isEqualTo(new Restart("a"));
    assertThat(effects.get(3)).isEqualTo(new Ignore(Reason.STALE_CONTINUATION));
    assertThat(effects.get(4)).isInstanceOf(Deliver.class);
  }

  @Test
  void anAttemptThatBeginsAnewVoidsKeptText() {
    // When
    List<AnswerEffect> effects =
        read(Chunks.event("a", 0, "one"), Chunks.keep("a"), Chunks.event("b", 0, "uno"));
    AnswerState state =
        state(Chunks.event("a", 0, "one"), Chunks.keep("a"), Chunks.event("b", 0, "uno"));

    // Then
    assertThat(effects.get(2))
        .isInstanceOfSatisfying(
            Replace.class,
            replaced -> {
              assertThat(replaced.closedAttempt()).isEqualTo("a");
              assertThat(replaced.piece().head()).contains(Chunks.headOf("b"));
            });
    assertThat(state.events()).isEqualTo(1);
    assertThat(state.holds("a", 0)).isFalse();
  }

  @Test
  void aContinuationThatIsClosedWithItsTextVoidsAllOfIt() {
    // When
    AnswerState state =
        state(
            Chunks.event("a", 0, "one"),
            Chunks.keep("a"),
            Chunks.goOn("b", "two", "a", 1, 3),
            Chunks.reset("b"));

    // Then
    assertThat(state.chain()).isEmpty();
    assertThat(state.bytes()).isZero();
    assertThat(state.isKept()).isFalse();
  }

  private static AnswerState state(ResponseChunk... chunks) {
    AnswerState state = AnswerState.INITIAL;
    for (ResponseChunk chunk : chunks) {
      state = AnswerReducer.apply(state, chunk).state();
    }
    return state;
  }

  private static List<AnswerEffect> read(ResponseChunk... chunks) {
    List<AnswerEffect> effects = new ArrayList<>();
    AnswerState state = AnswerState.INITIAL;
    for (ResponseChunk chunk : chunks) {
      AnswerReducer.Step step = AnswerReducer.apply(state, chunk);
      effects.add(step.effect());
      state = step.state();
    }
    return effects;
  }
}
