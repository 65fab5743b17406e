package io.weir.dispatcher;

/**
 * Prompts of answers in one piece that an engine has still to compute, as its model says: nobody
 * sees when such a prompt is computed. Guarded by the pool's lock.
 */
final class PrefillClock {
  private long doneAt;
  private boolean started;

  /**
   * A prompt was sent.
   *
   * @param nanosPerToken that the engine takes
   * @param now on the monotonic clock
   */
  void sent(int tokens, double nanosPerToken, long now) {
    long from = started && doneAt - now > 0 ? doneAt : now;
    started = true;
    doneAt = from + Math.round(tokens * nanosPerToken);
  }

  /** Tokens it has still to compute. */
  double tokens(double nanosPerToken, long now) {
    return started && nanosPerToken > 0 ? Math.max(0, doneAt - now) / nanosPerToken : 0;
  }
}
