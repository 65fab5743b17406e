package io.weir.routing.answer;

import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What one chunk means to a reader of the answer. */
public sealed interface AnswerEffect {
  /**
   * A piece of the answer.
   *
   * @param attempt id of the attempt whose text it is
   * @param number of that attempt, from 1, for people
   * @param head with the answer's first piece, if its attempt published one; later pieces have
   *     none, also those of an attempt that continues another's text
   * @param data body bytes, empty if the piece is only an END
   * @param firstSeq index of the first server-sent event in {@code data} within the answer
   * @param count number of server-sent events in {@code data}
   * @param end if the answer ends here
   */
  record Deliver(
      String attempt,
      int number,
      Optional<ResponseHead> head,
      ByteBuffer data,
      long firstSeq,
      int count,
      Optional<ResponseEnd> end)
      implements AnswerEffect {}

  /** The text delivered so far is void: its attempt was closed before it ended. */
  record Restart(String closedAttempt) implements AnswerEffect {}

  /**
   * The text delivered so far, which had been kept to be continued, is void after all: an attempt
   * began from the start.
   *
   * @param closedAttempt whose text came last
   * @param piece the first of the new text
   */
  record Replace(String closedAttempt, Deliver piece) implements AnswerEffect {}

  /** The chunk adds nothing to the answer. */
  record Ignore(Reason reason) implements AnswerEffect {}

  /** Why a chunk adds nothing. */
  enum Reason {
    /** A HEAD alone decides nothing; it comes with its attempt's first DATA or END. */
    HEAD_HELD,
    /** Another attempt's text is the answer. */
    OTHER_ATTEMPT,
    /** A RESET closed this attempt before, or another beat it. */
    CLOSED_ATTEMPT,
    /** The answer has ended. */
    AFTER_END,
    /** A RESET of attempts whose text was not being delivered. */
    NOTHING_TO_RESET,
    /** A RESET that lets the text so far stand, for another attempt to continue. */
    TEXT_KEPT,
    /** Something before it is missing: a chunk that could not be written, with others behind it. */
    HOLE,
    /** It would continue another text than the one that was delivered. */
    STALE_CONTINUATION
  }
}
