package io.weir.launcher.role;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Tells a person how far a start or a stop has come, with seconds since the process started. */
public final class Stages {
  private final PrintWriter out;

  public Stages(PrintWriter out) {
    this.out = out;
  }

  /** A stage that is done. */
  public synchronized void done(String stage, String detail) {
    out.println(String.format(Locale.ROOT, "  %5.1f s  %-11s  %s", seconds(), stage, detail));
    out.flush();
  }

  /** Seconds since the process started. */
  public double seconds() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
  }
}
