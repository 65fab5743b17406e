package io.weir.launcher.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command about tenants: asks the controller, and prints lines. */
abstract class TenantStep implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  /** Does it; what is returned is printed. */
  abstract List<String> run(AdminApi api) throws InterruptedException;

  @Override
  public Integer call() throws InterruptedException {
    Logging.onlyErrors();
    List<String> lines = run(shared.adminApi());
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
    return 0;
  }

  /** A command about one tenant. */
  abstract static class OfTenant extends TenantStep {
    @Parameters(paramLabel = "NAME", description = "The tenant.")
    private String name;

    abstract List<String> run(AdminApi api, String tenant) throws InterruptedException;

    @Override
    List<String> run(AdminApi api) throws InterruptedException {
      return run(api, name);
    }
  }
}
