package io.weir.launcher.chaos;

/**
 * What one fault did.
 *
 * @param label of the fault
 * @param healMillis until the process was ready again
 */
record FaultReport(String label, long healMillis, Tally clients, Recovery recovery) {}
