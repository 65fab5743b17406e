package io.weir.flink;

import io.weir.routing.plan.DemandRate;
import io.weir.routing.plan.EngineState;
import io.weir.routing.plan.Geography;
import io.weir.schemas.DemandInput;
import io.weir.schemas.GeoLink;
import io.weir.schemas.KnownDemand;
import io.weir.schemas.KnownEngine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;

/** Between what the job keeps as state and what the planner takes. */
final class Known {
  private Known() {}

  static KnownDemand demand(DemandRate rate) {
    return new KnownDemand(
        new DemandInput(
            rate.source(),
            rate.requestClass(),
            rate.perSecond(),
            rate.sigma(),
            rate.promptTokens(),
            rate.outputTokens(),
            rate.cachedFraction()),
        Instant.ofEpochMilli(rate.atMillis()));
  }

  static List<DemandRate> rates(String pool, Iterable<KnownDemand> known) {
    List<DemandRate> rates = new ArrayList<>();
    for (KnownDemand each : known) {
      DemandInput demand = each.getDemand();
      rates.add(
          new DemandRate(
              demand.getSource(),
              pool,
              demand.getRequestClass(),
              demand.getPerSecond(),
              demand.getSigma(),
              demand.getPromptTokens(),
              demand.getOutputTokens(),
              demand.getCachedFraction(),
              each.getCountedTo().toEpochMilli()));
    }
    return rates;
  }

  static List<EngineState> engines(Iterable<KnownEngine> known) {
    List<EngineState> engines = new ArrayList<>();
    for (KnownEngine each : known) {
      engines.add(
          new EngineState(
              each.getSpec(), each.getSample(), each.getCalibration(), each.getHealthy()));
    }
    return engines;
  }

  static Geography geography(ReadOnlyBroadcastState<String, GeoLink> known) throws Exception {
    List<GeoLink> links = new ArrayList<>();
    for (Map.Entry<String, GeoLink> each : known.immutableEntries()) {
      links.add(each.getValue());
    }
    return Geography.of(links);
  }
}
