package io.weir.launcher.bench;

import io.weir.launcher.bench.Outcome.Refused;
import java.util.OptionalLong;

/**
 * Whether who is told to come again does.
 *
 * @param tries how often one request is sent at most; 1 to take the first answer as it is
 */
record Waiting(int tries) {
  static final Waiting NONE = new Waiting(1);

  /**
   * How long to wait before the next try, in nanoseconds.
   *
   * @param tried how often it was sent
   * @return empty if there is no next try
   */
  OptionalLong before(Outcome outcome, int tried) {
    return outcome instanceof Refused refused && tried < tries
        ? refused.retryAfterNanos()
        : OptionalLong.empty();
  }
}
