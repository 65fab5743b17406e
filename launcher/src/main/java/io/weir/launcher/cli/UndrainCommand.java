package io.weir.launcher.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir engines undrain ID}. */
@Command(
    name = "undrain",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Gives a drained engine work again, little at first.")
public final class UndrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Parameters(paramLabel = "ID", description = "The engine.")
  private String engine;

  @Override
  public Integer call() throws InterruptedException {
    Logging.onlyErrors();
    shared.adminApi().change(engine, "undrain");
    PrintWriter out = spec.commandLine().getOut();
    out.println(engine + " gets work again, little at first.");
    out.flush();
    return 0;
  }
}
