package io.weir.launcher.cli;

import io.weir.launcher.config.ConfigFile;
import io.weir.launcher.config.ConfigWatch;
import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.role.Ports;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of every command that reads the configuration. */
final class Shared {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; without it two sources and five simulated engines.")
  private Optional<Path> config;

  @Option(
      names = "--base-port",
      defaultValue = "" + Ports.DEFAULT_BASE,
      paramLabel = "N",
      description = "Shifts every port by N - 8080 (default: ${DEFAULT-VALUE}).")
  private int basePort;

  WeirConfig config() {
    return config.map(ConfigFile::load).orElseGet(ConfigFile::builtIn);
  }

  Ports ports() {
    return Ports.from(basePort);
  }

  /** Takes up changes of the configuration's file, where there is one. */
  AutoCloseable watch(WeirConfig running, ConfigWatch.Target target) {
    return config
        .<AutoCloseable>map(file -> ConfigWatch.start(file, running, target))
        .orElse(() -> {});
  }

  /** The admin API of the configuration's controller. */
  AdminApi adminApi() {
    WeirConfig config = config();
    return new AdminApi(
        URI.create("http://" + config.controller().host() + ":" + ports().controller(config)),
        config.controller().apiKey());
  }

  /** The options that would lead another command to the same system. */
  String again() {
    return config.map(file -> " --config " + file).orElse("")
        + (basePort == Ports.DEFAULT_BASE ? "" : " --base-port " + basePort);
  }

  /**
   * The place of a source in the configuration.
   *
   * @param name may be left out where there is one source only
   */
  int sourceIndex(WeirConfig config, Optional<String> name) {
    List<String> names = config.sources().stream().map(source -> source.name()).toList();
    if (name.isEmpty() && names.size() == 1) {
      return 0;
    }
    int index = name.map(names::indexOf).orElse(-1);
    if (index < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--source must be one of "
              + String.join(", ", names)
              + name.map(given -> ", not " + given).orElse(""));
    }
    return index;
  }
}
