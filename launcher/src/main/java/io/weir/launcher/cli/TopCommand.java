package io.weir.launcher.cli;

import io.weir.launcher.role.Infrastructure;
import io.weir.launcher.view.FleetReader;
import io.weir.launcher.view.FleetView;
import io.weir.launcher.view.TopScreen;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir top}. */
@Command(
    name = "top",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Shows traffic, engines and weights, every second anew; q or Ctrl-C leaves.",
      "Where the output is no terminal it prints one screen after the other."
    })
public final class TopCommand implements Callable<Integer> {
  private static final long SECOND_MILLIS = 1000;
  private static final long KEY_MILLIS = 50;

  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Option(names = "--once", description = "One screen, of one second, and no more.")
  private boolean once;

  @Override
  public Integer call() throws InterruptedException, IOException {
    Logging.onlyErrors();
    PrintWriter out = spec.commandLine().getOut();
    try (FleetReader reader =
        FleetReader.open(
            Infrastructure.elsewhere(shared.config(), shared.ports()),
            EnumSet.allOf(FleetReader.Live.class))) {
      TopScreen screen = new FleetView(reader, Clock.systemUTC()).top();
      if (once) {
        TimeUnit.MILLISECONDS.sleep(SECOND_MILLIS);
        print(screen, out);
      } else if (Terminal.isThere()) {
        live(screen, out);
      } else {
        endless(screen, out);
      }
    }
    return 0;
  }

  private static void print(TopScreen screen, PrintWriter out) {
    screen.next().forEach(out::println);
    out.flush();
  }

  private static void endless(TopScreen screen, PrintWriter out) throws InterruptedException {
    while (!out.checkError()) {
      TimeUnit.MILLISECONDS.sleep(SECOND_MILLIS);
      print(screen, out);
      out.println();
    }
  }

  /** Ctrl-C ends the process, so the terminal is given back by a hook too. */
  private static void live(TopScreen screen, PrintWriter out)
      throws InterruptedException, IOException {
    Terminal terminal = Terminal.take(out);
    Thread hook = Thread.ofPlatform().name("weir-terminal").unstarted(terminal::close);
    Runtime.getRuntime().addShutdownHook(hook);
    boolean quit = false;
    while (!quit) {
      terminal.show(screen.next());
      for (long waited = 0; waited < SECOND_MILLIS && !quit; waited += KEY_MILLIS) {
        TimeUnit.MILLISECONDS.sleep(KEY_MILLIS);
        quit = terminal.isQuitPressed();
      }
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    terminal.close();
  }
}
