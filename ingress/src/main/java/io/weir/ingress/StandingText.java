package io.weir.ingress;

import io.weir.ingress.reply.Reply;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Ignore;
import io.weir.routing.answer.AnswerEffect.Replace;
import io.weir.routing.answer.AnswerEffect.Restart;
import io.weir.routing.answer.AnswerReducer;
import io.weir.routing.answer.AnswerState;
import java.util.OptionalLong;

/** Finds out where in a reply partition the text of an answer begins that is not void. */
final class StandingText {
  private AnswerState state = AnswerState.INITIAL;
  private OptionalLong begin = OptionalLong.empty();

  /** Takes the answer's next chunk. */
  void accept(Reply reply) {
    AnswerReducer.Step step = AnswerReducer.apply(state, reply.chunk());
    state = step.state();
    switch (step.effect()) {
      case Deliver piece -> begin = begin.isPresent() ? begin : OptionalLong.of(reply.offset());
      case Replace replaced -> begin = OptionalLong.of(reply.offset());
      case Restart voided -> begin = OptionalLong.empty();
      case Ignore ignored -> {
        // It changes no text.
      }
    }
  }

  /** True once the answer has ended. */
  boolean isWhole() {
    return state.ended();
  }

  /** The offset of its first piece; empty if there is none (any more). */
  OptionalLong begin() {
    return begin;
  }
}
