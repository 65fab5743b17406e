package io.weir.launcher.bench;

import io.weir.launcher.bench.Outcome.Answered;
import java.time.Duration;
import java.util.Optional;

/**
 * Service level objectives an answer must meet to count as goodput; absent ones are met.
 *
 * @param ttft time to first token, for streams
 * @param tpot time per output token after the first, for streams
 * @param e2e time to the whole answer
 */
record Goals(Optional<Duration> ttft, Optional<Duration> tpot, Optional<Duration> e2e) {
  boolean given() {
    return ttft.isPresent() || tpot.isPresent() || e2e.isPresent();
  }

  boolean met(Answered answer) {
    return within(ttft, answer.firstTokenNanos().orElse(answer.totalNanos()))
        && within(tpot, answer.perTokenNanos().orElse(0))
        && within(e2e, answer.totalNanos());
  }

  private static boolean within(Optional<Duration> goal, long nanos) {
    return goal.isEmpty() || nanos <= goal.get().toNanos();
  }
}
