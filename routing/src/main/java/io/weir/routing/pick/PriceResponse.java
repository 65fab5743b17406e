package io.weir.routing.pick;

import io.weir.schemas.EngineWeight;
import java.util.List;
import java.util.function.Predicate;

/**
 * Splits what engines that dropped out leave over the others, before the next table comes. Every
 * price grows with the load taken on, {@code Δp = Phi''·Δrho}, and the weights answer to it as the
 * solver's do:
 *
 * <pre>
 * tau·ln(w'/w) + a·Δp = mu,   Δp = Phi''·a·d·k·(w' − w),   Σ w' = 1
 * </pre>
 *
 * <p>with a the work of a request, d the source's demand, and k how many times more than this
 * source's traffic the engines that are out carried: the other sources move theirs at the same
 * time. Full engines have steep prices and take little; in proportion to the weights they would be
 * pushed over.
 */
final class PriceResponse {
  private static final int HALVINGS = 60;
  private static final int NEWTON_STEPS = 30;

  private PriceResponse() {}

  /**
   * New weights.
   *
   * @param engines of the table that are eligible
   * @param weights of those
   * @param out tells of an engine's id whether it has dropped out
   * @return as many; they add up to one, or are all 0 if every engine is out
   */
  static double[] without(
      WeightTable table, List<EngineWeight> engines, double[] weights, Predicate<String> out) {
    int count = engines.size();
    double[] logs = new double[count];
    double[] slopes = new double[count];
    double lost = 0;
    double lostLoad = 0;
    double lostOwnLoad = 0;
    int left = 0;
    boolean[] in = new boolean[count];
    for (int i = 0; i < count; i++) {
      EngineWeight engine = engines.get(i);
      in[i] = !out.test(engine.getEngine());
      if (in[i]) {
        left++;
      } else {
        lost += weights[i];
        lostLoad += engine.getLoad();
        lostOwnLoad += engine.getWork() * table.demandPerSecond() * weights[i];
      }
    }
    if (left == count || left == 0) {
      return left == 0 ? new double[count] : weights;
    }
    if (lost == 0) {
      return weights;
    }
    double others = lostOwnLoad > 0 ? Math.max(1, lostLoad / lostOwnLoad) : 1;
    for (int i = 0; i < count; i++) {
      EngineWeight engine = engines.get(i);
      logs[i] = logWeight(engine, weights[i], table.tauSeconds());
      slopes[i] =
          engine.getPriceSlope()
              * engine.getWork()
              * engine.getWork()
              * table.demandPerSecond()
              * others;
    }
    return solve(table.tauSeconds(), logs, slopes, in);
  }

  /** An engine without weight stands where its reduced cost puts it. */
  private static double logWeight(EngineWeight engine, double weight, double tau) {
    if (weight > 0) {
      return Math.log(weight);
    }
    return engine.getPrior() > 0
        ? Math.log(engine.getPrior()) - Math.max(0, engine.getReducedCost()) / tau
        : Double.NEGATIVE_INFINITY;
  }

  private static double[] solve(double tau, double[] logs, double[] slopes, boolean[] in) {
    double low = 0;
    double high = 0;
    for (int i = 0; i < logs.length; i++) {
      if (in[i] && logs[i] > Double.NEGATIVE_INFINITY) {
        high = Math.max(high, -tau * logs[i] + slopes[i]);
      }
    }
    double[] weights = new double[logs.length];
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (fill(weights, middle, tau, logs, slopes, in) < 1) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double sum = fill(weights, high, tau, logs, slopes, in);
    for (int i = 0; i < weights.length && sum > 0; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /** The weights that go with a marginal cost; their sum grows with it. */
  private static double fill(
      double[] weights, double mu, double tau, double[] logs, double[] slopes, boolean[] in) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] =
          in[i] && logs[i] > Double.NEGATIVE_INFINITY ? weight(mu, tau, logs[i], slopes[i]) : 0;
      sum += weights[i];
    }
    return sum;
  }

  /**
   * Newton's method in {@code z = ln w'}; the left side is convex and grows, so it comes down to
   * the root from above.
   */
  private static double weight(double mu, double tau, double log, double slope) {
    double before = Math.exp(log);
    double z = Math.min(log + mu / tau, Math.max(log, 0));
    // The root lies where the price alone would put it, at most.
    if (slope > 0) {
      z = Math.min(z, Math.max(log, Math.log(before + mu / slope)));
    }
    for (int i = 0; i < NEWTON_STEPS; i++) {
      double e = Math.exp(z);
      double step = (tau * (z - log) + slope * (e - before) - mu) / (tau + slope * e);
      z -= step;
      if (Math.abs(step) < 1e-12) {
        break;
      }
    }
    return Math.exp(z);
  }
}
