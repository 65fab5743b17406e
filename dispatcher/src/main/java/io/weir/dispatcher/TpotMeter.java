package io.weir.dispatcher;

import java.time.Duration;

/**
 * An engine's time per output token as its streams show it: all the time between tokens divided by
 * all the tokens, of about the last {@value #HALF_LIFE_SECONDS} seconds. Streams report while they
 * run, since an engine that has become slow ends none. Events are counted as tokens; where engines
 * put several into one, the usage at a stream's end tells how many.
 */
final class TpotMeter {
  static final long HALF_LIFE_SECONDS = 5;

  /** Fewer tokens say nothing. */
  private static final double LEAST_TOKENS = 16;

  private static final double HALF_LIFE_NANOS = Duration.ofSeconds(HALF_LIFE_SECONDS).toNanos();

  /** Weight of one more stream's tokens per event. */
  private static final double GAIN = 0.1;

  private double nanos;
  private double events;
  private long at;
  private double tokensPerEvent = 1;

  /**
   * Takes note of a piece of a stream.
   *
   * @param newEvents that came after the one before
   * @param elapsedNanos since the one before
   * @param now on the monotonic clock
   */
  synchronized void add(int newEvents, long elapsedNanos, long now) {
    fade(now);
    events += newEvents;
    nanos += elapsedNanos;
  }

  /** A stream has ended that had so many events and, as the engine says, so many tokens. */
  synchronized void ended(long streamEvents, long tokens) {
    if (streamEvents > 0 && tokens > 0) {
      double ratio = Math.max(1, (double) tokens / streamEvents);
      tokensPerEvent += GAIN * (ratio - tokensPerEvent);
    }
  }

  /** Milliseconds per output token; NaN if too little was seen of late. */
  synchronized double millis(long now) {
    fade(now);
    double tokens = events * tokensPerEvent;
    return tokens < LEAST_TOKENS ? Double.NaN : nanos / tokens / 1e6;
  }

  private void fade(long now) {
    if (now - at > 0) {
      double left = Math.exp((at - now) * Math.log(2) / HALF_LIFE_NANOS);
      nanos *= left;
      events *= left;
    }
    at = now;
  }
}
