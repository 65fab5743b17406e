package io.weir.launcher.config;

import io.weir.routing.config.ConfigException;

/**
 * A configuration file that cannot be used. The message is one sentence with file, line and key.
 */
public final class ConfigFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigFileException(String file, String problem) {
    super(file + ": " + problem);
  }

  ConfigFileException(String file, int line, String key, String problem) {
    super(file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + problem);
  }

  ConfigFileException(String file, ConfigException cause) {
    super(
        file
            + (cause.line().isPresent() ? ":" + cause.line().getAsInt() : "")
            + ": "
            + cause.key()
            + ": "
            + cause.problem(),
        cause);
  }
}
