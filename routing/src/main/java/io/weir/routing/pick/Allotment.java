package io.weir.routing.pick;

/**
 * How many requests one dispatcher may have on an engine. The weights allot each source a number of
 * places there; a dispatcher's part of them follows its share of the source's requests that are
 * ready or in flight, and is at least one. It is a guarantee, not a cap: below it a dispatcher may
 * send whatever the others do, above it only while the engine as a whole has room.
 */
public final class Allotment {
  private Allotment() {}

  /**
   * A dispatcher's part of its source's places on an engine.
   *
   * @param places that the weights allot to the source; without weights the engine's own {@code
   *     max-in-flight}; a fraction is rounded up
   * @param share of this dispatcher in the source's requests ready and in flight, 0 to 1
   * @return at least 1 if there are any places, else 0
   */
  public static int part(double places, double share) {
    if (!(places > 0)) {
      return 0;
    }
    // Rounding errors must not add a place.
    return Math.max(1, (int) Math.ceil(places * Math.clamp(share, 0, 1) - 1e-9));
  }

  /**
   * A dispatcher's share of the work; equal shares while there is none.
   *
   * @param own requests of this dispatcher, ready and in flight
   * @param all requests of all dispatchers of the source, its own included
   * @param dispatchers of the source; at least 1
   */
  public static double share(long own, long all, int dispatchers) {
    // One request each keeps a newcomer from being shut out, and the shares' sum at 1.
    return (own + 1.0) / (Math.max(all, own) + Math.max(1, dispatchers));
  }

  /**
   * How many requests the dispatcher may have there at this moment, as {@link EngineView#limit}
   * wants it.
   *
   * @param part as {@link #part} gives it
   * @param own its requests in flight there
   * @param estimate requests in flight there from all dispatchers, as {@link InFlightEstimate}
   *     gives
   * @param engineLimit most requests the engine should have from all dispatchers
   */
  public static int limit(int part, int own, double estimate, int engineLimit) {
    if (part == 0) {
      return 0;
    }
    int room = (int) Math.floor(engineLimit - estimate + 1e-9);
    return Math.max(part, own + Math.max(0, room));
  }
}
