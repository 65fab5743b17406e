package io.weir.launcher.chaos;

import java.time.Duration;
import java.util.List;

/**
 * What a run does.
 *
 * @param faults in turn
 * @param requests at least so many are sent
 * @param rate per second in the mean
 * @param calm how long nothing is done before the first fault and after each
 * @param seed of the load
 */
record ChaosPlan(List<Fault> faults, int requests, double rate, Duration calm, long seed) {
  ChaosPlan {
    faults = List.copyOf(faults);
  }
}
