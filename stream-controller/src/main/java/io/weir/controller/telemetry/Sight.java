package io.weir.controller.telemetry;

import io.weir.routing.telemetry.EngineMetrics;
import java.util.Optional;

/** What one look at an engine gave. */
sealed interface Sight {
  /** A word for metrics. */
  default String outcome() {
    return switch (this) {
      case Seen seen -> "up";
      case Lost lost -> "down";
      case Late late -> "late";
    };
  }

  /**
   * It answered and can serve.
   *
   * @param page its metrics, if it has any that are known
   */
  record Seen(Optional<EngineMetrics.Page> page) implements Sight {}

  /** It refuses, breaks off, speaks nonsense, or says that it cannot serve. */
  record Lost(String problem) implements Sight {}

  /** It did not answer in time. */
  record Late() implements Sight {}
}
