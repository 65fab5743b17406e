package io.weir.launcher.chaos;

import java.time.Duration;

/** What is done to a process. */
enum FaultAction {
  /** SIGKILL; started again after longer than any lease or session lasts. */
  KILL("kill -9"),
  /** SIGSTOP, SIGCONT later. */
  PAUSE("pause"),
  /** SIGTERM; started again as soon as it has ended. */
  RESTART("restart");

  /** How long a killed process is away: longer than a lease and than a group's session. */
  static final Duration DEAD = Duration.ofSeconds(8);

  /** How long a paused process stands still. */
  static final Duration PAUSED = Duration.ofSeconds(10);

  private final String label;

  FaultAction(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
