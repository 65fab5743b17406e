package io.weir.launcher.chaos;

/** What a client got in the end. */
sealed interface Outcome {
  /** The whole and right answer. */
  record Answered() implements Outcome {}

  /**
   * A right beginning, then an error in the stream.
   *
   * @param reason a stable word
   */
  record Interrupted(String reason) implements Outcome {}

  /**
   * An error in place of an answer.
   *
   * @param status of HTTP; 0 if no ingress could be reached
   * @param reason a stable word
   */
  record Refused(int status, String reason) implements Outcome {}

  /** The connection broke, and the client could not come back. */
  record Disconnected() implements Outcome {}

  /** Nothing, or no end, within the client's patience. */
  record Unanswered() implements Outcome {}

  /**
   * An id that was accepted is denied later.
   *
   * @param status of HTTP
   * @param reason a stable word
   */
  record Denied(int status, String reason) implements Outcome {}

  /** An answer that cannot be: a wrong, repeated, missing or foreign piece of text. */
  record Wrong(String problem) implements Outcome {}
}
