package io.weir.launcher.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Something that is done to one process.
 *
 * @param role of the process
 * @param process its name
 */
record Fault(FaultAction action, Role role, String process) {
  private static Fault of(FaultAction action, Role role, int number) {
    boolean only = role == Role.REGISTRY || role == Role.WEIGHTS_JOB;
    return new Fault(action, role, only ? role.label() : role.instance(number));
  }

  /** Each role once, and a dispatcher and a controller that only stand still. */
  static List<Fault> onePerRole() {
    return List.of(
        of(FaultAction.KILL, Role.ENGINE, 1),
        of(FaultAction.KILL, Role.DISPATCHER, 1),
        of(FaultAction.KILL, Role.CONTROLLER, 1),
        of(FaultAction.KILL, Role.INGRESS, 1),
        of(FaultAction.PAUSE, Role.DISPATCHER, 2),
        of(FaultAction.KILL, Role.WEIGHTS_JOB, 1),
        of(FaultAction.PAUSE, Role.CONTROLLER, 2),
        of(FaultAction.KILL, Role.BROKER, 2));
  }

  /** Everything to every role. */
  static List<Fault> matrix() {
    List<Fault> faults = new ArrayList<>();
    for (FaultAction action : FaultAction.values()) {
      int number = action == FaultAction.PAUSE ? 2 : 1;
      for (Role role : Role.values()) {
        faults.add(of(action, role, number));
      }
    }
    return List.copyOf(faults);
  }

  /**
   * A fault in words, such as {@code kill:dispatcher-1}.
   *
   * @throws IllegalArgumentException if there is no such action or role
   */
  static Fault parse(String text) {
    int colon = text.indexOf(':');
    String process = text.substring(colon + 1);
    for (FaultAction action : FaultAction.values()) {
      for (Role role : Role.values()) {
        boolean named = process.equals(role.label()) || process.startsWith(role.label() + "-");
        if (named && text.startsWith(action.name().toLowerCase(Locale.ROOT) + ":")) {
          return new Fault(action, role, process);
        }
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no fault; one is kill:dispatcher-1, others pause and restart.");
  }

  String label() {
    return action.label() + " " + process;
  }
}
