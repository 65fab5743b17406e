package io.weir.sim;

/** When answers come. */
public enum Timing {
  /** As the profile's continuous batching would give them. */
  BATCHING,
  /** At once and with as little work as possible, to measure what stands in front of the engine. */
  INSTANT
}
