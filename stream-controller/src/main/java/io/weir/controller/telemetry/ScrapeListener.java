package io.weir.controller.telemetry;

import java.time.Duration;

/** Hears of every look at an engine. */
public interface ScrapeListener {
  /**
   * An engine was asked.
   *
   * @param outcome {@code up}, {@code down} or {@code late}
   */
  void looked(String outcome, Duration took);

  /** A sample could not be written. */
  void lost();
}
