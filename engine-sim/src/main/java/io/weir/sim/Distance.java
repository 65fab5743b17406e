package io.weir.sim;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** How far away each source is: half its round trip, once each way. */
final class Distance {
  /** Request header in which a source names itself. */
  static final String HEADER = "x-weir-source";

  private final Map<String, Long> oneWayNanos;

  Distance(Map<String, Duration> roundTrips) {
    oneWayNanos =
        roundTrips.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> entry.getValue().toNanos() / 2));
  }

  boolean none() {
    return oneWayNanos.isEmpty();
  }

  /** Nanoseconds one way; 0 for a source that is not far or not known. */
  long oneWay(String source) {
    return oneWayNanos.getOrDefault(source, 0L);
  }

  /** Lets the time of the way pass. */
  static void travel(long nanos) {
    long arrival = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = arrival - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }
}
