package io.weir.launcher.view;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them, with their units. */
final class Numbers {
  /** Stands where there is nothing to say. */
  static final String NONE = "-";

  private static final double SMALL = 0.0005;

  private Numbers() {}

  /** Three decimals; nothing but a zero where it is none. */
  static String part(double value) {
    return Math.abs(value) < SMALL ? "0" : String.format(Locale.ROOT, "%.3f", value);
  }

  static String twoDecimals(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  static String percent(double part) {
    return String.format(Locale.ROOT, "%.2f %%", part * 100);
  }

  static String wholePercent(double part) {
    return Math.round(part * 100) + " %";
  }

  /** Seconds as milliseconds below one second. */
  static String seconds(double seconds) {
    double millis = seconds * 1e3;
    if (Math.abs(millis) < 0.05) {
      return "0";
    }
    return Math.abs(seconds) < 1
        ? String.format(Locale.ROOT, "%.1f ms", millis)
        : String.format(Locale.ROOT, "%.2f s", seconds);
  }

  static String rate(double perSecond) {
    return String.format(Locale.ROOT, "%.1f/s", perSecond);
  }

  /** How long ago, to the second. */
  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
