package io.weir.launcher.config;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.routing.fleet.Source;
import java.util.Optional;

/**
 * A source, and where its ingress listens.
 *
 * @param name part of topic names: lower-case letters, digits and hyphens
 * @param region where it lies, such as {@code aws:us-east-1}
 * @param port of its ingress, 0 for any that is free; {@code ingress.port} and upwards in the order
 *     of the sources where none is given
 */
public record SourceConfig(String name, @Default("local") String region, Optional<Integer> port) {
  public SourceConfig {
    // Checks the name.
    new Source(name, region);
    if (port.isPresent() && (port.get() < 0 || port.get() > 65_535)) {
      throw new ConfigException("port", "must be 0 to 65535, is " + port.get());
    }
  }

  /** The source as the roles know it. */
  public Source source() {
    return new Source(name, region);
  }
}
