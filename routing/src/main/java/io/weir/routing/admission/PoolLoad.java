package io.weir.routing.admission;

import io.weir.schemas.RequestClass;

/** What is known of a pool's queues. */
public interface PoolLoad {
  /** Cost of what waits in a class, in tokens. */
  double queuedTokens(RequestClass requestClass);

  /** Tokens per second that the pool serves when it has work; 0 if that is not known. */
  double drainPerSecond();

  /** When the drain rate was measured, in nanoseconds on the caller's clock. */
  long measuredNanos();
}
