package io.weir.routing.pick;

import io.weir.schemas.EngineWeight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a table's weights are worth as it grows old, and as engines drop out that it counts on.
 * Weights never fail closed: a stale table is held, then flattened, then forgotten slowly.
 *
 * <ul>
 *   <li>Fresh: as published.
 *   <li>Held: the same prices with five times the randomisation, {@code w ∝ w0·(w/w0)^(1/5)}: where
 *       inputs are old, differences between engines are believed less. No engine that is planned
 *       fuller than the pool gets more than it was planned for.
 *   <li>Decaying: towards {@code w0·exp(−geography/(5·tau))}, capacity and locality without prices,
 *       half of the way every five minutes.
 * </ul>
 *
 * <p>Engines that are out hand their part to the others at raised prices ({@link PriceResponse}).
 */
public final class StalenessLadder {
  private static final double WIDER = 5;
  private static final double HALF_LIFE_MILLIS = 5 * 60_000;

  /** More than this part of the engines silent at once is a telemetry fault. */
  private static final double MAX_SILENT = 0.3;

  private StalenessLadder() {}

  /**
   * The weights to draw by.
   *
   * @param table in force
   * @param ageMillis time since it came
   * @param out tells of an engine's id whether it must get nothing now
   */
  public static AppliedWeights weights(WeightTable table, long ageMillis, Predicate<String> out) {
    List<EngineWeight> engines = table.eligible();
    Freshness freshness = Freshness.of(ageMillis, table.intervalMillis());
    double[] weights =
        switch (freshness) {
          case NORMAL -> published(engines);
          case HELD -> held(engines);
          case DECAYING -> decaying(table, engines, ageMillis);
        };
    double[] left = PriceResponse.without(table, engines, weights, out);
    Map<String, Double> byEngine = new HashMap<>();
    for (int i = 0; i < left.length; i++) {
      if (left[i] > 0) {
        byEngine.put(engines.get(i).getEngine(), left[i]);
      }
    }
    return new AppliedWeights(table, freshness, byEngine);
  }

  /**
   * True if so many engines are silent at once that telemetry must be at fault, not they: none is
   * to be taken out for its silence then.
   *
   * @param silent engines whose samples are overdue
   * @param engines of the pool
   */
  public static boolean telemetryFault(int silent, int engines) {
    return silent > 1 && silent > MAX_SILENT * engines;
  }

  private static double[] published(List<EngineWeight> engines) {
    return engines.stream().mapToDouble(EngineWeight::getWeight).toArray();
  }

  private static double[] held(List<EngineWeight> engines) {
    double[] weights = new double[engines.size()];
    double meanLoad = 0;
    for (int i = 0; i < weights.length; i++) {
      EngineWeight engine = engines.get(i);
      meanLoad += engine.getLoad() / weights.length;
      double ratio = engine.getPrior() > 0 ? engine.getWeight() / engine.getPrior() : 0;
      weights[i] = engine.getPrior() * Math.pow(ratio, 1 / WIDER);
    }
    return normalised(cap(engines, normalised(weights), meanLoad));
  }

  /** What the full engines do not take goes to the others, in proportion to what they have. */
  private static double[] cap(List<EngineWeight> engines, double[] weights, double meanLoad) {
    double excess = 0;
    double open = 0;
    for (int i = 0; i < weights.length; i++) {
      EngineWeight engine = engines.get(i);
      if (engine.getLoad() > meanLoad) {
        excess += Math.max(0, weights[i] - engine.getWeight());
        weights[i] = Math.min(weights[i], engine.getWeight());
      } else {
        open += weights[i];
      }
    }
    for (int i = 0; i < weights.length && open > 0; i++) {
      if (!(engines.get(i).getLoad() > meanLoad)) {
        weights[i] *= 1 + excess / open;
      }
    }
    return weights;
  }

  private static double[] decaying(WeightTable table, List<EngineWeight> engines, long ageMillis) {
    double[] held = held(engines);
    double[] local = new double[held.length];
    for (int i = 0; i < local.length; i++) {
      EngineWeight engine = engines.get(i);
      local[i] =
          engine.getPrior() * Math.exp(-engine.getGeography() / (WIDER * table.tauSeconds()));
    }
    local = normalised(local);
    double overdue = ageMillis - (double) Freshness.DECAYING_FROM * table.intervalMillis();
    double kept = Math.pow(0.5, overdue / HALF_LIFE_MILLIS);
    for (int i = 0; i < held.length; i++) {
      held[i] = kept * held[i] + (1 - kept) * local[i];
    }
    return held;
  }

  private static double[] normalised(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    for (int i = 0; i < weights.length && sum > 0; i++) {
      weights[i] /= sum;
    }
    return weights;
  }
}
