package io.weir.routing.fleet;

/** Where a pool's weights come from. */
public enum WeightSource {
  /** The weights job plans them from demand, telemetry and geography. */
  FLINK,
  /** The engines' configured weights, as they are. */
  STATIC
}
