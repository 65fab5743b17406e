package io.weir.routing.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Ignore;
import io.weir.routing.answer.AnswerEffect.Reason;
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
