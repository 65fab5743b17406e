package io.weir.ingress;

import io.weir.routing.answer.AnswerEffect.Deliver;

/** What a client that comes back for the rest of a stream has of it already. */
interface Had {
  /** How much of a piece it has. */
  sealed interface Of {
    /** All of it, and maybe more. */
    record All() implements Of {}

    /**
     * What follows is the rest.
     *
     * @param events the first ones of the piece, which it has
     */
    record Some(int events) implements Of {}

    /** What it has is of another text. */
    record Another() implements Of {}
  }

  /** Compares it with the next piece of the stream. */
  Of of(Deliver piece);

  /** All pieces so far are void. */
  void voided();

  /** What to say of another text. */
  ApiError another();
}
