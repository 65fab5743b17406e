package io.weir.routing.pick;

import io.weir.routing.hash.Hashing;
import java.util.List;
import java.util.Map;

/**
 * Weighted rendezvous hashing of the affinity key with bounded loads (Mirrokni, Thorup,
 * Zadimoghaddam 2018): an engine takes at most {@code ceil(c · (m + 1) · w / W)} requests, where m
 * requests are in flight on the eligible engines and w / W is its part of their weight. Keys of an
 * engine that is full, gone or over its bound go to the next in their own order; all others stay.
 */
final class HashAffinity implements Scoring {
  /** Balance against moving keys: 1.25 costs few moves and keeps the load within a quarter. */
  static final double BOUND = 1.25;

  private double perWeight;

  /** The most requests an engine of some weight may have in flight. */
  static double bound(double perWeight, double weight) {
    // Rounding errors must not lift an exact bound to the next whole number.
    return Math.ceil(perWeight * weight - 1e-9);
  }

  @Override
  public void score(
      List<? extends EngineView> engines,
      boolean[] eligible,
      long affinity,
      long seed,
      double[] scores) {
    long inFlight = 0;
    double weights = 0;
    for (int i = 0; i < engines.size(); i++) {
      if (eligible[i]) {
        inFlight += engines.get(i).inFlight();
        weights += engines.get(i).weight();
      }
    }
    perWeight = BOUND * (inFlight + 1) / weights;
    for (int i = 0; i < engines.size(); i++) {
      if (eligible[i]) {
        EngineView engine = engines.get(i);
        scores[i] =
            engine.inFlight() + 1 > bound(perWeight, engine.weight())
                ? OVER_BOUND
                : Hashing.exponential(affinity, engine.idHash(), engine.weight());
      }
    }
  }

  @Override
  public Map<String, Double> parts(List<? extends EngineView> engines, int index) {
    return Map.of("bound", bound(perWeight, engines.get(index).weight()));
  }
}
