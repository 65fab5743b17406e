package io.weir.launcher.cli;

import io.weir.launcher.role.Infrastructure;
import io.weir.launcher.view.FleetReader;
import io.weir.launcher.view.FleetView;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir weights}. */
@Command(
    name = "weights",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Shows the weights of every source and pool, and what explains them.")
public final class WeightsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Option(names = "--json", description = "The records themselves, as a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Logging.onlyErrors();
    PrintWriter out = spec.commandLine().getOut();
    try (FleetReader reader =
        FleetReader.open(Infrastructure.elsewhere(shared.config(), shared.ports()), Set.of())) {
      FleetView view = new FleetView(reader, Clock.systemUTC());
      if (json) {
        out.println(view.weightsJson());
      } else {
        view.weights().forEach(out::println);
      }
    }
    out.flush();
    return 0;
  }
}
