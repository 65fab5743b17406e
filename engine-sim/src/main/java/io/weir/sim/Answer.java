package io.weir.sim;

/**
 * Writes one answer in OpenAI's JSON, whole or as the events of a stream; for one thread. A stream
 * is its opening, some deltas and its closing, in this order.
 */
interface Answer {
  /** The answer as one JSON object. */
  byte[] whole(int tokens);

  /** Some of a stream's events, one a token: with the opening before the first. */
  JsonBuffer events(int from, int to);

  /** The events before the first token. */
  JsonBuffer opening(JsonBuffer out);

  /** One event with the tokens from the first up to but without the last index. */
  JsonBuffer delta(JsonBuffer out, int from, int to);

  /** The events after the last token. */
  JsonBuffer closing(JsonBuffer out, int tokens);
}
