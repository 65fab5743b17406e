package io.weir.launcher.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names with their shares of the requests.
 *
 * @param weights positive; they need not add up to anything
 */
record Shares(Map<String, Double> weights) {
  Shares {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /**
   * Reads {@code priority=5,standard=55}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static Shares of(String text) {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? "" : part.substring(0, equals).strip();
      double weight = equals < 0 ? 0 : number(part.substring(equals + 1).strip());
      if (name.isEmpty() || !(weight > 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException(
            "'" + part + "' is not a name and a positive share, such as priority=5");
      }
      if (weights.put(name, weight) != null) {
        throw new IllegalArgumentException("'" + name + "' is there twice");
      }
    }
    return new Shares(weights);
  }

  /**
   * The name at a place among all.
   *
   * @param place 0 to 1 exclusive
   */
  String at(double place) {
    double left = place * weights.values().stream().mapToDouble(weight -> weight).sum();
    String last = "";
    for (Map.Entry<String, Double> each : weights.entrySet()) {
      last = each.getKey();
      left -= each.getValue();
      if (left < 0) {
        break;
      }
    }
    return last;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
