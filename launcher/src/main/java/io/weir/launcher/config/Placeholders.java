package io.weir.launcher.config;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Environment variables in configuration values, written as shells and Compose do: {@code ${NAME}}
 * must be set, {@code ${NAME:-text}} stands for the text where it is unset or empty, and a doubled
 * dollar sign before the brace is a single one.
 */
final class Placeholders {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}|\\$\\{");

  private final Function<String, Optional<String>> environment;

  Placeholders(Function<String, Optional<String>> environment) {
    this.environment = environment;
  }

  /**
   * The text with its placeholders replaced.
   *
   * @throws IllegalArgumentException with a sentence that names the variable, never a value
   */
  String fill(String text) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    Matcher matcher = PLACEHOLDER.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(filled, Matcher.quoteReplacement(replacement(matcher)));
    }
    return matcher.appendTail(filled).toString();
  }

  private String replacement(Matcher matcher) {
    String name = matcher.group(1);
    if (name == null) {
      if (matcher.group().equals("$${")) {
        return "${";
      }
      throw new IllegalArgumentException(
          "'${' must begin ${NAME} or ${NAME:-default}; write $${ for the characters themselves");
    }
    Optional<String> value = environment.apply(name);
    String fallback = matcher.group(2);
    if (fallback != null) {
      return value.filter(set -> !set.isEmpty()).orElse(fallback);
    }
    return value.orElseThrow(
        () ->
            new IllegalArgumentException(
                "environment variable "
                    + name
                    + " is not set; set it, or give a default with ${"
                    + name
                    + ":-default}"));
  }
}
