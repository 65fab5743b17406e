package io.weir.launcher.config;

import java.util.Map;

/** Configurations for tests outside this package. */
public final class TestConfigs {
  private TestConfigs() {}

  /** The configuration a text describes. */
  public static WeirConfig of(String yaml) {
    return ConfigFile.parse("test.yaml", yaml, Map.of());
  }
}
