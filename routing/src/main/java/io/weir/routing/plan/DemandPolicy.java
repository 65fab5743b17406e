package io.weir.routing.plan;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.io.Serializable;
import java.time.Duration;

/**
 * How demand is estimated.
 *
 * @param halfLife after which an observation counts half, of the rate that is planned with
 * @param surgeHalfLife the same of the rate that sees a surge; it may only raise the estimate
 * @param surgeSigmas how many standard deviations the fast rate must be above the slow one to be
 *     taken for a surge, which the slow one then takes over at once
 */
public record DemandPolicy(
    @Default("30s") Duration halfLife,
    @Default("1500ms") Duration surgeHalfLife,
    @Default("4") double surgeSigmas)
    implements Serializable {
  public DemandPolicy {
    PlanPolicy.positive("half-life", halfLife);
    PlanPolicy.positive("surge-half-life", surgeHalfLife);
    if (surgeHalfLife.compareTo(halfLife) >= 0) {
      throw new ConfigException(
          "surge-half-life", "must be shorter than the half-life of " + halfLife.toMillis() + "ms");
    }
    PlanPolicy.within("surge-sigmas", surgeSigmas, 1, 10);
  }
}
