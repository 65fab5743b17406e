package io.weir.launcher.chaos;

import java.util.List;

/**
 * How a process is started.
 *
 * @param name unique in the system, such as {@code dispatcher-1}; its member id where it has one
 * @param mainClass of the process
 * @param arguments of the main class
 * @param input what it is told on standard input, which then stays open
 * @param ready what it says once it works
 */
record RoleSpec(
    String name,
    Role role,
    Class<?> mainClass,
    List<String> arguments,
    String input,
    String ready) {
  RoleSpec {
    arguments = List.copyOf(arguments);
  }

  /** A {@code weir} command. */
  static RoleSpec command(String name, Role role, List<String> words) {
    return new RoleSpec(name, role, ChildMain.class, words, "", "Ready: ");
  }
}
