package io.weir.dispatcher;

import java.time.Duration;

/**
 * Prompt tokens that were sent to one engine and probably not computed yet. A stream's are until
 * its first token comes. Of an answer in one piece nobody sees when its prefill is over: until it
 * comes, its tokens are halved every {@value #HALF_LIFE_MILLIS} ms, about the time that prompts
 * wait on a busy engine.
 */
final class PromptBacklog {
  static final long HALF_LIFE_MILLIS = 500;

  private static final double HALF_LIFE_NANOS = Duration.ofMillis(HALF_LIFE_MILLIS).toNanos();

  private long streams;
  private double wholes;
  private long at;

  synchronized void sentStream(int tokens) {
    streams += tokens;
  }

  /** A stream has begun, or will not. */
  synchronized void begun(int tokens) {
    streams -= tokens;
  }

  synchronized void sentWhole(int tokens, long nanos) {
    fade(nanos);
    wholes += tokens;
  }

  /** An answer in one piece, asked for at a time, has come, or will not. */
  synchronized void endedWhole(int tokens, long sentNanos, long nanos) {
    fade(nanos);
    wholes = Math.max(0, wholes - tokens * faded(nanos - sentNanos));
  }

  /** Of streams, whose first token tells. */
  synchronized long streamTokens() {
    return streams;
  }

  synchronized double tokens(long nanos) {
    fade(nanos);
    return streams + wholes;
  }

  private void fade(long nanos) {
    if (nanos - at > 0) {
      wholes *= faded(nanos - at);
    }
    at = nanos;
  }

  private static double faded(long nanos) {
    return Math.exp(-nanos * Math.log(2) / HALF_LIFE_NANOS);
  }
}
