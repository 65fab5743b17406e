package io.weir.routing.pick;

import java.util.Map;

/**
 * The weights that a dispatcher draws by at some moment.
 *
 * @param table they stem from
 * @param freshness of the table
 * @param weights by engine id; they add up to one, or are all 0 if no engine is left
 */
public record AppliedWeights(WeightTable table, Freshness freshness, Map<String, Double> weights) {
  public AppliedWeights {
    weights = Map.copyOf(weights);
  }

  /** An engine's weight; 0 if it is to get nothing. */
  public double weight(String engine) {
    return weights.getOrDefault(engine, 0.0);
  }
}
