package io.weir.dispatcher;

import io.weir.schemas.Failure;
import java.util.Optional;

/** How one call of an engine ended. */
sealed interface CallResult {
  /**
   * Its answer is published, END included.
   *
   * @param rejection if the answer is the engine's refusal of the request
   */
  record Ended(Optional<Failure> rejection) implements CallResult {}

  /** There is no whole answer, and no END is published. */
  record Failed(Failure failure, Stage stage) implements CallResult {}

  /**
   * Another engine's first token was sooner, or the place was needed; nothing of this call is
   * published.
   */
  record Beaten() implements CallResult {}

  /** How far an answer has come. */
  enum Stage {
    /** Nothing of it is on its way to the client. */
    UNBEGUN,
    /** Some of it is. */
    BEGUN
  }
}
