package io.weir.dispatcher.answer;

import io.weir.schemas.TokenUsage;

/**
 * What Weir must know of a stream's events: how many carry data, whether the last one came, and the
 * usage.
 */
interface EventReader {
  /** What one event was. */
  enum Kind {
    /** It says nothing of the answer: keeps the connection alive, or only opens it. */
    OTHER,
    /** A piece of the answer. */
    DATA,
    /** The last event. */
    DONE
  }

  /** Takes the next event, with the blank line after it. */
  Kind accept(byte[] bytes, int from, int to);

  /** How many events with pieces of the answer have come, roughly one a token. */
  int dataEvents();

  /** What the stream said it used, or an estimate. */
  TokenUsage usage(int promptTokens);
}
