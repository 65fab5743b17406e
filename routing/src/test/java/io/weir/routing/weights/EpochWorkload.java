package io.weir.routing.weights;

import java.util.Random;

/**
 * A fleet's troubles, epoch by epoch: every source's demand walks at random (3 % an epoch, drawn
 * back to its mean), now and then a tenth of the sources doubles for ten epochs, and every twenty
 * epochs another tenth of the engines is degraded to 5–95 % of its speed.
 */
final class EpochWorkload {
  private static final int SURGE_EPOCHS = 10;
  private static final int DEGRADED_EPOCHS = 20;

  private final FleetInstance fleet;
  private final double[] rates;
  private final int sources;
  private final Random random;
  private final double[] walk;
  private final boolean[] surging;
  private int epoch;
  private int surgeEnds;
  private FlowProblem structure;

  EpochWorkload(FleetInstance fleet, int sources, long seed) {
    this.fleet = fleet;
    this.sources = sources;
    rates = fleet.rates();
    random = new Random(seed);
    walk = new double[sources];
    surging = new boolean[sources];
    structure = fleet.problem(fleet.healthy());
  }

  /** The problem of the next epoch. */
  FlowProblem next() {
    epoch++;
    if (epoch % DEGRADED_EPOCHS == 0) {
      structure = fleet.problem(degraded());
    }
    if (epoch >= surgeEnds) {
      boolean begins = random.nextInt(2 * SURGE_EPOCHS) == 0;
      surgeEnds = epoch + (begins ? SURGE_EPOCHS : 1);
      for (int s = 0; s < sources; s++) {
        surging[s] = begins && random.nextInt(10) == 0;
      }
    }
    for (int s = 0; s < sources; s++) {
      walk[s] = 0.98 * walk[s] + 0.03 * random.nextGaussian();
    }
    double[] now = new double[rates.length];
    for (int c = 0; c < now.length; c++) {
      int s = c % sources;
      now[c] = rates[c] * Math.exp(walk[s]) * (surging[s] ? 2 : 1);
    }
    return structure.withRates(now);
  }

  private double[] degraded() {
    double[] health = fleet.healthy();
    for (int e = 0; e < health.length; e++) {
      if (random.nextInt(10) == 0) {
        health[e] = 0.05 + 0.9 * random.nextDouble();
      }
    }
    return health;
  }
}
