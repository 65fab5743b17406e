package io.weir.routing.replay;

/** Time between a dispatcher's tokens from one engine, of about the last five seconds. */
final class TokenPace {
  private static final double HALF_LIFE_NANOS = 5e9;

  /** Fewer tokens say nothing. */
  private static final double LEAST_TOKENS = 16;

  /** Counts fade in steps, since exponentials are dear. */
  private static final long STEP_NANOS = 50_000_000;

  private double nanos;
  private double tokens;
  private long at;

  void token(long gapNanos, long now) {
    fade(now);
    nanos += gapNanos;
    tokens++;
  }

  /** Milliseconds per token; NaN if too little was seen of late. */
  double millis(long now) {
    fade(now);
    return tokens < LEAST_TOKENS ? Double.NaN : nanos / tokens * 1e-6;
  }

  private void fade(long now) {
    if (now - at >= STEP_NANOS) {
      double left = Math.exp((at - now) * Math.log(2) / HALF_LIFE_NANOS);
      nanos *= left;
      tokens *= left;
      at = now;
    }
  }
}
