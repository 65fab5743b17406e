package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import java.util.regex.Pattern;

/** Names that become part of topic names. */
final class Names {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private Names() {}

  static void check(String key, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ConfigException(
          key,
          "'"
              + name
              + "' must be 1 to 63 lower-case letters, digits and inner hyphens, since it becomes part of"
              + " topic names");
    }
  }
}
