package io.weir.routing.config;

import java.util.OptionalInt;

/** A configuration value that cannot be used. Names the key, and the line where it is known. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String problem;
  private final int line;

  /**
   * @param key the key in kebab case, relative to the record that found the problem
   * @param problem what is wrong and what would be right
   */
  public ConfigException(String key, String problem) {
    this(key, problem, 0);
  }

  ConfigException(String key, String problem, int line) {
    super((line > 0 ? "line " + line + ": " : "") + key + ": " + problem);
    this.key = key;
    this.problem = problem;
    this.line = line;
  }

  public String key() {
    return key;
  }

  /** What is wrong, without key and line. */
  public String problem() {
    return problem;
  }

  /** The line in the file, from 1. */
  public OptionalInt line() {
    return line > 0 ? OptionalInt.of(line) : OptionalInt.empty();
  }
}
