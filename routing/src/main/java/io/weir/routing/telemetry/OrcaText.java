package io.weir.routing.telemetry;

import java.util.HashMap;
import java.util.Map;

/** ORCA's text format: {@code cpu_utilization=0.3, named_metrics.kv_cache_usage_perc=0.4}. */
final class OrcaText {
  private OrcaText() {}

  static Map<String, Double> parse(String report) {
    Map<String, Double> values = new HashMap<>();
    for (String pair : report.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        put(values, pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
      }
    }
    return values;
  }

  private static void put(Map<String, Double> values, String name, String number) {
    if (!name.isEmpty() && ExpositionParser.isNumber(number)) {
      values.put(name, ExpositionParser.number(number));
    }
  }
}
