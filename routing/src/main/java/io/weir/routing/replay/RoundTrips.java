package io.weir.routing.replay;

/** Network distances. */
@FunctionalInterface
public interface RoundTrips {
  /** Everything in one place. */
  RoundTrips NONE = (from, to) -> 0;

  /** Milliseconds there and back. */
  double millis(String fromRegion, String toRegion);
}
