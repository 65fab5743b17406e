package io.weir.launcher.cli;

import java.nio.file.Path;

/**
 * Where the log goes. Must be said before the first logger is made, since Logback reads its
 * configuration then: no command may have one.
 */
public final class Logging {
  private static final String NAME = "weir.log";

  private Logging() {}

  /** To a file in a folder, problems to standard error too: the terminal is for people. */
  static void toFile(Path folder) {
    System.setProperty("logback.configurationFile", "io/weir/launcher/logback-file.xml");
    System.setProperty("weir.log.file", file(folder).toString());
    bridge();
  }

  /** To standard error, as containers want it. */
  static void toStandardError() {
    bridge();
  }

  /** Nowhere but for errors, which go to standard error: commands that only look. */
  public static void onlyErrors() {
    System.setProperty("logback.configurationFile", "io/weir/launcher/logback-errors.xml");
    bridge();
  }

  static Path file(Path folder) {
    return folder.resolve(NAME);
  }

  /** Helidon logs through java.util.logging. */
  private static void bridge() {
    org.slf4j.bridge.SLF4JBridgeHandler.removeHandlersForRootLogger();
    org.slf4j.bridge.SLF4JBridgeHandler.install();
  }
}
