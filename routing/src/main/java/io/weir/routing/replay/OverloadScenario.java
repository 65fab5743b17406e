package io.weir.routing.replay;

import io.weir.routing.engine.RequestShape;
import io.weir.routing.engine.SteadyState;
import java.util.List;

/**
 * A fleet and a trace that asks more of it than it can, or nearly. One queue stands before all
 * engines; there is no distance.
 *
 * @param trace at any rate: each run sets its own
 * @param seed of the draw of classes and tenants
 */
public record OverloadScenario(
    List<ReplayEngine> engines, Trace trace, OverloadMix mix, long seed) {
  public OverloadScenario {
    engines = List.copyOf(engines);
    if (engines.isEmpty()) {
      throw new IllegalArgumentException("a scenario has at least one engine");
    }
  }

  RequestShape shape() {
    return RequestShape.uncached(trace.meanPromptTokens(), trace.meanOutputTokens());
  }

  /** Requests of the trace's mean size per second at which the fleet's engines are saturated. */
  public double capacityPerSecond() {
    return engines.stream()
        .mapToDouble(
            engine ->
                SteadyState.of(engine.profile(), shape())
                    .saturationPerSecond(engine.profile(), shape()))
        .sum();
  }
}
