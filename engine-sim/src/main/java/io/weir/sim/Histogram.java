package io.weir.sim;

import java.util.concurrent.atomic.LongAdder;

/** A Prometheus histogram with fixed bounds. */
final class Histogram {
  private final String name;
  private final String help;
  private final double[] bounds;
  private final double unit;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();

  private Histogram(String name, String help, double unit, double[] bounds) {
    this.name = name;
    this.help = help;
    this.unit = unit;
    this.bounds = bounds.clone();
    this.counts = new LongAdder[bounds.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /** Of durations, recorded in nanoseconds and shown in seconds. */
  static Histogram ofSeconds(String name, String help, double... bounds) {
    return new Histogram(name, help, 1e-9, bounds);
  }

  static Histogram ofTokens(String name, String help, double... bounds) {
    return new Histogram(name, help, 1, bounds);
  }

  void record(long value) {
    double shown = value * unit;
    int i = 0;
    while (i < bounds.length && shown > bounds[i]) {
      i++;
    }
    counts[i].increment();
    sum.add(value);
  }

  void write(StringBuilder out, String labels) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(" histogram\n");
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i].sum();
      String bound = i < bounds.length ? Double.toString(bounds[i]) : "+Inf";
      out.append(name).append("_bucket{").append(labels).append(",le=\"").append(bound);
      out.append("\"} ").append(total).append(".0\n");
    }
    out.append(name).append("_count{").append(labels).append("} ").append(total).append(".0\n");
    out.append(name).append("_sum{").append(labels).append("} ").append(sum.sum() * unit);
    out.append('\n');
  }
}
