package io.weir.ingress;

import io.weir.routing.answer.AnswerEffect.Deliver;

/**
 * All events up to and including one that the client names by its id. It has to be of the attempt
 * in the id, or what the client has is not part of the answer.
 */
record HadEvent(EventId last) implements Had {
  @Override
  public Of of(Deliver piece) {
    long from = piece.firstSeq();
    if (last.seq() >= from + piece.count()) {
      return piece.end().isPresent() ? new Of.Another() : new Of.All();
    }
    return last.seq() < from || !piece.attempt().equals(last.attempt())
        ? new Of.Another()
        : new Of.Some(Math.toIntExact(last.seq() - from + 1));
  }

  /** The attempt in the id tells. */
  @Override
  public void voided() {}

  @Override
  public ApiError another() {
    return AnswerErrors.noSuchEvent();
  }
}
