package io.weir.controller.telemetry;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.DataSize;
import io.weir.routing.config.Default;
import java.time.Duration;

/**
 * How engines are asked for their metrics.
 *
 * @param interval time between two samples of an engine
 * @param connectTimeout for a connection to an engine
 * @param timeout for all that one sample asks for; shorter than the interval
 * @param page largest page that is read
 */
public record TelemetryConfig(
    @Default("1s") Duration interval,
    @Default("300ms") Duration connectTimeout,
    @Default("800ms") Duration timeout,
    @Default("4MiB") DataSize page) {
  public TelemetryConfig {
    if (interval.compareTo(Duration.ofMillis(100)) < 0) {
      throw new ConfigException("interval", "must be at least 100ms");
    }
    if (!timeout.isPositive() || timeout.compareTo(interval) > 0) {
      throw new ConfigException("timeout", "must be positive and at most the interval");
    }
    if (!connectTimeout.isPositive() || connectTimeout.compareTo(timeout) > 0) {
      throw new ConfigException("connect-timeout", "must be positive and at most the timeout");
    }
    if (page.bytes() < 1 || page.bytes() > 64L << 20) {
      throw new ConfigException("page", "must be 1B to 64MiB");
    }
  }
}
