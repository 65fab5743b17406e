package io.weir.launcher.cli;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Durations on the command line, written as in the configuration file: {@code 250ms}, {@code 2m}.
 */
public final class Durations implements ITypeConverter<Duration> {
  private record One(Duration value) {}

  @Override
  public Duration convert(String text) {
    try {
      return Configs.with(One.class, Map.of("value", text)).value();
    } catch (ConfigException e) {
      throw new TypeConversionException(e.problem());
    }
  }
}
