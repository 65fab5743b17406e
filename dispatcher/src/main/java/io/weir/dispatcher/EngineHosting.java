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
    // Those in use are closed as their requests end; closing may take a round trip, and none of
    // what is told of the fleet should wait for it.
    Thread.ofVirtual().name("weir-close-" + engine.id()).start(() -> engine.connections().close());
  }

  @Override
  public void place(PoolDesk desk, List<Placement> placements) {
    attempts.carryOut(desk, placements);
  }
}
