package io.weir.launcher.chaos;

import java.io.PrintWriter;
import java.util.Locale;

/** Tells a person how far the run is, with the seconds since it began. */
final class Progress {
  private final PrintWriter out;
  private final long start = System.nanoTime();

  Progress(PrintWriter out) {
    this.out = out;
  }

  void say(String what) {
    out.println(String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - start) / 1e9, what));
    out.flush();
  }
}
