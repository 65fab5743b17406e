package io.weir.dispatcher;

import io.weir.routing.answer.AnswerEffect;
import io.weir.routing.answer.AnswerReducer;
import io.weir.routing.answer.AnswerState;
import io.weir.schemas.Continues;
import io.weir.schemas.ResponseChunk;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Gathers the text of one request's answer as its chunks are read, until it is one to go on from.
 */
final class TextSoFar {
  private final Continues wanted;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private AnswerState state = AnswerState.INITIAL;

  /**
   * Nothing read yet.
   *
   * @param wanted where the text is to end
   */
  TextSoFar(Continues wanted) {
    this.wanted = wanted;
  }

  /** Takes the next chunk of the request; the text, once it is whole. */
  Optional<Continuation> accept(ResponseChunk chunk) {
    AnswerReducer.Step step = AnswerReducer.apply(state, chunk);
    state = step.state();
    switch (step.effect()) {
      case AnswerEffect.Deliver piece -> add(piece);
      case AnswerEffect.Restart restart -> text.reset();
      case AnswerEffect.Replace(String closed, AnswerEffect.Deliver piece) -> {
        text.reset();
        add(piece);
      }
      case AnswerEffect.Ignore ignore -> {}
    }
    return state.continuation().filter(wanted::equals).map(this::continuation);
  }

  private void add(AnswerEffect.Deliver piece) {
    ByteBuffer data = piece.data();
    // More than is wanted is another text.
    if (text.size() + data.remaining() <= wanted.getBodyBytes()) {
      byte[] bytes = new byte[data.remaining()];
      data.duplicate().get(bytes);
      text.writeBytes(bytes);
    }
  }

  private Continuation continuation(Continues from) {
    return new Continuation(from, ByteBuffer.wrap(text.toByteArray()));
  }
}
