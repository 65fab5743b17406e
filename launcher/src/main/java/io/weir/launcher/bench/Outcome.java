package io.weir.launcher.bench;

import java.util.OptionalLong;

/** What became of one request. Times are nanoseconds since it should have been sent. */
sealed interface Outcome {
  /**
   * An answer that arrived whole.
   *
   * @param firstTokenNanos until the first token; empty for an answer in one piece
   * @param totalNanos until the answer's end
   * @param promptTokens as the engine counted them, 0 if it did not say
   * @param outputTokens as the engine counted them, otherwise the events with text
   */
  record Answered(
      OptionalLong firstTokenNanos, long totalNanos, long promptTokens, long outputTokens)
      implements Outcome {
    /** Mean time per token after the first; empty for answers in one piece or of one token. */
    OptionalLong perTokenNanos() {
      return firstTokenNanos.isPresent() && outputTokens > 1
          ? OptionalLong.of((totalNanos - firstTokenNanos.getAsLong()) / (outputTokens - 1))
          : OptionalLong.empty();
    }
  }

  /**
   * An error in place of an answer.
   *
   * @param kind one of few words, such as {@code HTTP 429 queue_delay}
   * @param totalNanos until it was told
   * @param retryAfterNanos when it may be sent again, if that was said
   */
  record Refused(String kind, long totalNanos, OptionalLong retryAfterNanos) implements Outcome {}

  /**
   * No answer, or a broken one.
   *
   * @param kind one of few words, such as {@code timeout}
   */
  record Failed(String kind) implements Outcome {}
}
