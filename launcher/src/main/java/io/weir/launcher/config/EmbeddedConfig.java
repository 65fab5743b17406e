package io.weir.launcher.config;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.nio.file.Path;

/**
 * The broker and the schema registry inside the process, where {@code kafka} names no others.
 *
 * @param brokerPort the broker's port, 0 for any that is free
 * @param registryPort the registry's port, 0 for any that is free
 * @param containerPort port at which containers on this machine reach the broker, and the registry
 *     at its own; 0 for none
 * @param dataDir where the broker's data lies; {@code --data-dir} goes before it
 */
public record EmbeddedConfig(
    @Default("9092") int brokerPort,
    @Default("8085") int registryPort,
    @Default("0") int containerPort,
    @Default(".weir") Path dataDir) {
  public EmbeddedConfig {
    port("broker-port", brokerPort);
    port("registry-port", registryPort);
    port("container-port", containerPort);
  }

  private static void port(String key, int port) {
    if (port < 0 || port > 65_535) {
      throw new ConfigException(key, "must be 0 to 65535, is " + port);
    }
  }
}
