package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;

/**
 * A site where requests enter.
 *
 * @param name part of topic names: lower-case letters, digits and hyphens
 * @param region where it lies, such as {@code aws:us-east-1}
 */
public record Source(String name, String region) {
  public Source {
    Names.check("name", name);
    if (region.isBlank()) {
      throw new ConfigException("region", "must not be blank");
    }
  }
}
