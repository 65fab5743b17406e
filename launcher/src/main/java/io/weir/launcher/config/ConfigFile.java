package io.weir.launcher.config;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads {@code weir.yaml}. */
public final class ConfigFile {
  private static final String BUILT_IN = "/io/weir/launcher/default.yaml";

  private ConfigFile() {}

  /**
   * The configuration in a file.
   *
   * @throws ConfigFileException with one sentence that names file, line and key
   */
  public static WeirConfig load(Path file) {
    try {
      return parse(file.toString(), Files.readString(file), System.getenv());
    } catch (NoSuchFileException e) {
      throw new ConfigFileException(file.toString(), "there is no such file");
    } catch (MalformedInputException e) {
      throw new ConfigFileException(file.toString(), "is not UTF-8 text");
    } catch (IOException e) {
      throw new ConfigFileException(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  /** The configuration of {@code weir up} without a file. */
  public static WeirConfig builtIn() {
    try (InputStream resource = ConfigFile.class.getResourceAsStream(BUILT_IN)) {
      if (resource == null) {
        throw new IllegalStateException(BUILT_IN + " is missing from this build");
      }
      String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      return parse("the built-in configuration", text, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WeirConfig parse(String file, String text, Map<String, String> environment) {
    Function<String, Optional<String>> variables =
        name -> Optional.ofNullable(environment.get(name));
    try {
      return Configs.bind(WeirConfig.class, YamlTree.read(file, text, variables));
    } catch (ConfigException e) {
      throw new ConfigFileException(file, e);
    }
  }
}
