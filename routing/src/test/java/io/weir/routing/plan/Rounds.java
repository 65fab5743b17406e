package io.weir.routing.plan;

import io.weir.schemas.PlanState;
import io.weir.schemas.RoutingWeights;
import java.util.List;

/** Rounds of planning one after the other, in virtual time. */
final class Rounds {
  private final WeightPlanner planner = new WeightPlanner();
  PlanState memory = WeightPlanner.initial("chat");
  long now = Pools.START;
  Plan last;

  Plan plan(List<EngineState> engines, List<DemandRate> demand) {
    last = planner.plan(Pools.inputs(engines, demand, now), memory);
    memory = last.memory();
    return last;
  }

  Plan planAfter(long millis, List<EngineState> engines, List<DemandRate> demand) {
    now += millis;
    return plan(engines, demand);
  }

  /** The table in force. */
  RoutingWeights table(SourceRegion source) {
    return memory.getTables().stream()
        .filter(table -> table.getSource().equals(source.source()))
        .findFirst()
        .orElseThrow();
  }

  /** Planned requests per second of an engine under the tables in force. */
  double flow(String engine, List<DemandRate> demand) {
    return demand.stream()
        .mapToDouble(
            rate ->
                rate.perSecond()
                    * Pools.weight(
                        memory.getTables().stream()
                            .filter(table -> table.getSource().equals(rate.source()))
                            .findFirst()
                            .orElseThrow(),
                        engine))
        .sum();
  }
}
