package io.weir.routing.plan;

import java.util.Comparator;
import java.util.List;

/**
 * Everything one pool's weights depend on. Lists are put in the order of their names, so that the
 * order they were collected in makes no difference.
 *
 * @param pool its name
 * @param engines the pool's engines, each once
 * @param sources the sources that need weights, with or without demand
 * @param geography distances
 * @param demand at most one rate a source and class; of unknown sources none
 * @param policy how to plan
 * @param epoch of the job's start or recovery; tables are ordered by it first
 * @param nowMillis ms since the epoch
 */
public record PlanInputs(
    String pool,
    List<EngineState> engines,
    List<SourceRegion> sources,
    Geography geography,
    List<DemandRate> demand,
    PlanPolicy policy,
    long epoch,
    long nowMillis) {
  public PlanInputs {
    engines = engines.stream().sorted(Comparator.comparing(EngineState::id)).toList();
    sources = sources.stream().sorted(Comparator.comparing(SourceRegion::source)).toList();
    demand =
        demand.stream()
            .sorted(
                Comparator.comparing(DemandRate::source).thenComparing(DemandRate::requestClass))
            .toList();
  }
}
