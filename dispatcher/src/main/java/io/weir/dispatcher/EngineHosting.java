package io.weir.dispatcher;

import java.util.List;

/** Gives each engine its probes and gauges, and takes them away with it. */
record EngineHosting(HealthProber prober, Attempts attempts, DispatcherMetrics metrics)
    implements EngineDirectory.Hosting {
  @Override
  public void added(PoolDesk desk, EngineSlots engine) {
    metrics.watch(engine);
    prober.add(desk, engine);
  }

  @Override
  public void removed(PoolDesk desk, EngineSlots engine) {
    prober.remove(engine);
    metrics.forget(engine);
  }

  @Override
  public void place(PoolDesk desk, List<Placement> placements) {
    attempts.carryOut(desk, placements);
  }
}
