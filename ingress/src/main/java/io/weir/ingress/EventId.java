package io.weir.ingress;

import java.util.Optional;

/**
 * The id of an event of an answer.
 *
 * @param attempt whose event it is
 * @param seq its index in the answer, from 0
 */
record EventId(String attempt, long seq) {
  private static final int MOST_DIGITS = 15;

  /** Reads {@code <attempt>.<seq>}; empty if it is something else. */
  static Optional<EventId> parse(String text) {
    int dot = text.lastIndexOf('.');
    String seq = text.substring(dot + 1);
    boolean number =
        !seq.isEmpty()
            && seq.length() <= MOST_DIGITS
            && seq.chars().allMatch(c -> c >= '0' && c <= '9');
    return dot > 0 && number
        ? Optional.of(new EventId(text.substring(0, dot), Long.parseLong(seq)))
        : Optional.empty();
  }
}
