package io.weir.routing.pick;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * The terms of a least-cost score by name. A map of boxed numbers for each candidate would be most
 * of what a decision allocates; this one boxes only when it is written out.
 */
final class ScoreParts extends AbstractMap<String, Double> {
  /** Seconds until the engine begins with the request, as often as they count. */
  static final int WAIT = 0;

  /** Seconds of its current iteration. */
  static final int ITERATION = 1;

  /** Seconds that decoding the answer costs everybody, as far as it counts. */
  static final int DECODE = 2;

  /** Seconds of distance, egress and compute price. */
  static final int GEOGRAPHY = 3;

  /** Seconds of prefill of what is not cached there. */
  static final int PREFILL = 4;

  /** What a second of prefill that is saved is worth to the others. */
  static final int KAPPA = 5;

  /** Factor that pulls shares towards the weights. */
  static final int DEFICIT = 6;

  /** Prompt tokens not known to be cached there. */
  static final int UNCACHED = 7;

  /** Requests estimated to be in flight there. */
  static final int IN_FLIGHT = 8;

  /** Measured time per output token ÷ the model's. */
  static final int SLOWDOWN = 9;

  /** Seconds of prefill that what is cached there saves. */
  static final int SAVED = 10;

  private static final List<String> NAMES =
      List.of(
          "wait",
          "iteration",
          "decode",
          "geography",
          "prefill",
          "kappa",
          "deficit",
          "uncached",
          "in_flight_estimate",
          "slowdown",
          "saved");

  private final double[] values = new double[NAMES.size()];

  /** The terms that a map holds, to compute its score again. */
  static ScoreParts of(Map<String, Double> map) {
    if (map instanceof ScoreParts parts) {
      return parts;
    }
    ScoreParts parts = new ScoreParts();
    for (int i = 0; i < NAMES.size(); i++) {
      parts.values[i] = map.getOrDefault(NAMES.get(i), 0.0);
    }
    return parts;
  }

  double value(int part) {
    return values[part];
  }

  void set(int part, double value) {
    values[part] = value;
  }

  /** The cost in seconds; lower is better. */
  double score() {
    return (values[WAIT] + values[ITERATION] + values[DECODE] + values[GEOGRAPHY] + values[PREFILL])
            * values[DEFICIT]
        - values[KAPPA] * values[SAVED];
  }

  @Override
  public Double get(Object name) {
    int index = NAMES.indexOf(name);
    return index < 0 ? null : Double.valueOf(values[index]);
  }

  @Override
  public boolean containsKey(Object name) {
    return NAMES.contains(name);
  }

  @Override
  public Set<Entry<String, Double>> entrySet() {
    return new Entries();
  }

  private final class Entries extends AbstractSet<Entry<String, Double>> {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public Iterator<Entry<String, Double>> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < values.length;
        }

        @Override
        public Entry<String, Double> next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return Map.entry(NAMES.get(next), values[next++]);
        }
      };
    }
  }
}
