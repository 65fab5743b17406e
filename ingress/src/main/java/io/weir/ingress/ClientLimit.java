package io.weir.ingress;

/** How many clients are answered at once. */
final class ClientLimit {
  private static final long RETRY_MILLIS = 1_000;

  private final int most;
  private final IngressMetrics metrics;

  ClientLimit(int most, IngressMetrics metrics) {
    this.most = most;
    this.metrics = metrics;
  }

  /**
   * Lets a client in, which has to leave.
   *
   * @throws RefusedException with 503 if there is no room
   */
  void enter() throws RefusedException {
    if (metrics.running().incrementAndGet() > most) {
      leave();
      throw new RefusedException(
          ApiError.unavailable(
              "overloaded", "Too many requests are running on this ingress.", RETRY_MILLIS));
    }
  }

  /** The client is answered. */
  void leave() {
    metrics.running().decrementAndGet();
  }
}
