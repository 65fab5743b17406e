package io.weir.launcher.chaos;

/** What a process of the system is, and how much heap it gets. */
enum Role {
  BROKER("broker", 192),
  REGISTRY("registry", 64),
  ENGINE("engine", 96),
  INGRESS("ingress", 128),
  DISPATCHER("dispatcher", 128),
  CONTROLLER("controller", 160),
  WEIGHTS_JOB("weights-job", 192);

  private final String label;
  private final int heapMebibytes;

  Role(String label, int heapMebibytes) {
    this.label = label;
    this.heapMebibytes = heapMebibytes;
  }

  String label() {
    return label;
  }

  int heapMebibytes() {
    return heapMebibytes;
  }

  /** The instance of this role, counted from 1. */
  String instance(int number) {
    return label + "-" + number;
  }
}
