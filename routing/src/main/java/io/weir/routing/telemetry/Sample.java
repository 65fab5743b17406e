package io.weir.routing.telemetry;

import java.util.Map;

/**
 * One line of an exposition.
 *
 * @param name with underscores in place of colons
 * @param labels its labels
 * @param value any double, NaN and infinities too
 */
record Sample(String name, Map<String, String> labels, double value) {
  /** True if the label has this value, or is not there. */
  boolean allows(String label, String wanted) {
    return labels.getOrDefault(label, wanted).equals(wanted);
  }
}
