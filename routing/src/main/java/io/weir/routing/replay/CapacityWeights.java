package io.weir.routing.replay;

import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.SteadyState;
import java.util.Arrays;
import java.util.List;

/** Shares in proportion to what each engine can serve, whatever the load and the distance. */
final class CapacityWeights implements PlannedWeights {
  private final double[] shares;

  /**
   * @param promptTokens mean prompt of the traffic
   * @param outputTokens mean answer
   */
  CapacityWeights(List<ReplayEngine> engines, double promptTokens, double outputTokens) {
    double[] capacity =
        engines.stream()
            .mapToDouble(engine -> perSecond(engine.profile(), promptTokens, outputTokens))
            .toArray();
    double total = Arrays.stream(capacity).sum();
    shares = Arrays.stream(capacity).map(each -> each / total).toArray();
  }

  /** Requests per second at saturation. */
  private static double perSecond(EngineProfile profile, double promptTokens, double outputTokens) {
    return 1
        / SteadyState.of(profile, promptTokens, outputTokens).rho(1, promptTokens, outputTokens);
  }

  @Override
  public double[] shares(int source) {
    return shares;
  }

  @Override
  public void apply(int source, List<EngineSeen> engines) {
    engines.forEach(engine -> engine.weigh(shares[engine.index]));
  }
}
