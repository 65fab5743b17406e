package io.weir.launcher.cli;

import io.weir.launcher.role.Stages;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Lets a role run until a signal ends the process, and stops it then. */
final class Until {
  private final CountDownLatch failed = new CountDownLatch(1);

  /** Ends {@link #stopped} with an exit code of 1. */
  void fail() {
    failed.countDown();
  }

  /**
   * Waits for a signal (Ctrl-C, SIGTERM), on which the role is closed before the process ends.
   *
   * @return the exit code if the role failed; does not return after a signal
   */
  int stopped(AutoCloseable role, PrintWriter out) {
    Thread hook =
        Thread.ofPlatform().name("weir-stop").unstarted(() -> stop(role, out, new Stages(out)));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      failed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }

  private static void stop(AutoCloseable role, PrintWriter out, Stages stages) {
    double before = stages.seconds();
    out.println("Stopping.");
    out.flush();
    try {
      role.close();
      out.println(String.format(Locale.ROOT, "Stopped in %.1f s.", stages.seconds() - before));
    } catch (Exception e) {
      out.println("Stopped, with a problem: " + e.getMessage());
    }
    out.flush();
  }
}
