package io.weir.routing.replay;

import java.time.Duration;

/**
 * Service level objectives; an answer that meets both is goodput.
 *
 * @param ttft most time to first token
 * @param tpot most mean time per output token after the first
 */
public record Objectives(Duration ttft, Duration tpot) {
  boolean met(long ttftNanos, long tpotNanos) {
    return ttftNanos <= ttft.toNanos() && tpotNanos <= tpot.toNanos();
  }
}
