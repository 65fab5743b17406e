package io.weir.routing.telemetry;

/** How one kind of engine names its metrics. */
interface MetricsMapping {
  /** True if the page is one of such an engine. */
  boolean recognises(Exposition page);

  EngineReading read(Exposition page);
}
