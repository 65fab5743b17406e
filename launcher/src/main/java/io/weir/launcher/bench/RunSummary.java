package io.weir.launcher.bench;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run measured.
 *
 * @param all of all requests
 * @param classes by class; empty if none was asked for
 * @param tenants by tenant; empty if they were not told apart
 */
record RunSummary(Summary all, Map<String, Summary> classes, Map<String, Summary> tenants) {
  RunSummary {
    classes = Collections.unmodifiableMap(new TreeMap<>(classes));
    tenants = Collections.unmodifiableMap(new TreeMap<>(tenants));
  }
}
