package io.weir.launcher.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir engines drain ID}. */
@Command(
    name = "drain",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Gives an engine no new work; what runs there is finished.")
public final class DrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Parameters(paramLabel = "ID", description = "The engine.")
  private String engine;

  @Override
  public Integer call() throws InterruptedException {
    Logging.onlyErrors();
    shared.adminApi().change(engine, "drain");
    PrintWriter out = spec.commandLine().getOut();
    out.println(engine + " gets no new work; ./weir engines shows when it is empty.");
    out.flush();
    return 0;
  }
}
