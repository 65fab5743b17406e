package io.weir.flink;

import io.weir.routing.plan.PlanPolicy;
import io.weir.routing.plan.SourceRegion;
import io.weir.schemas.KnownDemand;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What planning is told by the configuration.
 *
 * @param policy how to plan
 * @param regions where each source lies
 */
record PlanSettings(PlanPolicy policy, Map<String, String> regions) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Distances from it are measured or unknown. */
  private static final String UNKNOWN_REGION = "unknown";

  PlanSettings {
    regions = Map.copyOf(regions);
  }

  /** The configured sources, and those that demand was seen of. */
  List<SourceRegion> sources(Iterable<KnownDemand> demand) {
    Map<String, String> sources = new TreeMap<>(regions);
    for (KnownDemand each : demand) {
      sources.putIfAbsent(each.getDemand().getSource(), UNKNOWN_REGION);
    }
    return sources.entrySet().stream()
        .map(source -> new SourceRegion(source.getKey(), source.getValue()))
        .toList();
  }
}
