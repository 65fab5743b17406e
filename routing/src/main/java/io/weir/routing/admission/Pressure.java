package io.weir.routing.admission;

import io.weir.routing.hash.Hashing;

/**
 * What speaks against a request before its queue is looked at; none of it binds where little waits.
 */
public sealed interface Pressure {
  /** Nothing. */
  Pressure NONE = new None();

  /** Its class is taken down while a higher one waits too long. */
  Pressure BROWN_OUT = new BrownOut();

  /** Nothing. */
  record None() implements Pressure {}

  /** Its class is taken down while a higher one waits too long. */
  record BrownOut() implements Pressure {}

  /**
   * The plan of the weights turns away a part of its class: of each tenant what it offers beyond
   * its share of the rest.
   *
   * @param part of the class, 0 to 1
   * @param draw the request's own number, 0 to 1
   */
  record Planned(double part, double draw) implements Pressure {
    /** Keeps the draw apart from others by the same id. */
    private static final long SALT = 0x5ed;

    /** Always the same for the same id. */
    public static Planned of(double part, String requestId) {
      return new Planned(part, Hashing.uniform(Hashing.of(requestId), SALT));
    }
  }
}
