package io.weir.dispatcher;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.time.Duration;

/**
 * How engines are probed.
 *
 * @param interval between two probes of an engine
 * @param timeout after which a probe has failed
 * @param failures how many in a row take an engine out; a refused connection does at once
 * @param successes how many in a row take it back
 */
public record HealthConfig(
    @Default("500ms") Duration interval,
    @Default("2s") Duration timeout,
    @Default("2") int failures,
    @Default("2") int successes) {
  public HealthConfig {
    if (interval.toMillis() < 1) {
      throw new ConfigException("interval", "must be at least 1ms");
    }
    if (timeout.toMillis() < 1) {
      throw new ConfigException("timeout", "must be at least 1ms");
    }
    if (failures < 1) {
      throw new ConfigException("failures", "must be at least 1, is " + failures);
    }
    if (successes < 1) {
      throw new ConfigException("successes", "must be at least 1, is " + successes);
    }
  }
}
