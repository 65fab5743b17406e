package io.weir.launcher.chaos;

/**
 * When a fault happened; milliseconds since the epoch on this machine's clock, which is the
 * brokers' as well.
 *
 * @param began the signal was sent
 * @param healed the process was ready again
 * @param ended the next fault began, or the run ended
 */
record FaultTimes(Fault fault, long began, long healed, long ended) {
  FaultTimes until(long end) {
    return new FaultTimes(fault, began, healed, end);
  }

  boolean holds(long at) {
    return at >= began && at < ended;
  }
}
