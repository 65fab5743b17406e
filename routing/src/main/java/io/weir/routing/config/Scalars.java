package io.weir.routing.config;

import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads single values from their text. */
final class Scalars {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(us|ms|s|m|h|d)");

  private static final Map<Type, Function<String, Object>> READERS =
      Map.ofEntries(
          Map.entry(String.class, text -> text),
          Map.entry(int.class, Scalars::integer),
          Map.entry(Integer.class, Scalars::integer),
          Map.entry(long.class, Scalars::wholeNumber),
          Map.entry(Long.class, Scalars::wholeNumber),
          Map.entry(double.class, Scalars::number),
          Map.entry(Double.class, Scalars::number),
          Map.entry(boolean.class, Scalars::truth),
          Map.entry(Boolean.class, Scalars::truth),
          Map.entry(Duration.class, Scalars::duration),
          Map.entry(DataSize.class, DataSize::parse),
          Map.entry(Secret.class, Secret::new),
          Map.entry(Path.class, Path::of),
          Map.entry(URI.class, URI::create));

  private Scalars() {}

  static boolean reads(Class<?> type) {
    return type.isEnum() || READERS.containsKey(type);
  }

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  static Object read(Class<?> type, String text) {
    return type.isEnum() ? constant(type, text) : READERS.get(type).apply(text.strip());
  }

  private static Object integer(String text) {
    long value = wholeNumber(text);
    if (value != (int) value) {
      throw new IllegalArgumentException("'" + text + "' is too large; the limit is 2147483647");
    }
    return (int) value;
  }

  private static long wholeNumber(String text) {
    try {
      return Long.parseLong(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
    }
  }

  private static double number(String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
      throw new IllegalArgumentException("'" + text + "' is not a finite number");
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number", e);
    }
  }

  private static Object truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }

  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a duration; write a whole number with us, ms, s, m, h or d, such as 76ms");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "us" -> Duration.ofNanos(Math.multiplyExact(count, 1_000L));
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static Object constant(Class<?> type, String text) {
    Object[] constants = type.getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> Names.kebab(((Enum<?>) constant).name()).equals(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + text
                        + "' is none of "
                        + Arrays.stream(constants)
                            .map(constant -> Names.kebab(((Enum<?>) constant).name()))
                            .collect(Collectors.joining(", "))));
  }

  /** Spelling of names in configuration files. */
  static final class Names {
    private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

    private Names() {}

    /** {@code maxBody} and {@code MAX_BODY} are both {@code max-body}. */
    static String kebab(String name) {
      return HUMP.matcher(name).replaceAll("$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
    }
  }
}
