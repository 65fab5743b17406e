package io.weir.routing.plan;

import java.util.Locale;

/** Why tables are published, or that they are not. */
public enum PublishReason {
  /** There were none, or a source has none. */
  FIRST,
  /** Which engines may get traffic has changed. */
  ELIGIBILITY,
  /** Under the weights in force an engine's load is too high. */
  SURGE,
  /** Moving traffic pays. */
  MOVED,
  /** Nothing moves, but the tables in force would soon look old. */
  HEARTBEAT,
  /** Nothing is published. */
  NONE;

  /** As written in tables and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
