package io.weir.routing.telemetry;

import java.util.OptionalDouble;

/**
 * A sum of times and how many there were, since the engine started: what a histogram tells apart
 * from its buckets.
 *
 * @param seconds at least 0
 * @param count at least 0
 */
public record Cumulative(double seconds, double count) {
  private static final double MILLIS = 1000;

  /**
   * Mean in ms of what was added since an earlier reading; empty if nothing was. Where the counters
   * went back, the engine has started anew and all of it was added since.
   */
  OptionalDouble meanMillisSince(Cumulative before) {
    boolean restarted = count < before.count || seconds < before.seconds;
    double added = restarted ? count : count - before.count;
    double took = restarted ? seconds : seconds - before.seconds;
    return added > 0 ? OptionalDouble.of(took / added * MILLIS) : OptionalDouble.empty();
  }
}
