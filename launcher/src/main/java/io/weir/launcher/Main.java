package io.weir.launcher;

import io.weir.launcher.bench.BenchCommand;
import io.weir.launcher.chaos.ChaosCommand;
import io.weir.launcher.cli.BrokerCommand;
import io.weir.launcher.cli.ControllerCommand;
import io.weir.launcher.cli.DispatcherCommand;
import io.weir.launcher.cli.Durations;
import io.weir.launcher.cli.EngineSimCommand;
import io.weir.launcher.cli.EnginesCommand;
import io.weir.launcher.cli.Errors;
import io.weir.launcher.cli.IngressCommand;
import io.weir.launcher.cli.TenantsCommand;
import io.weir.launcher.cli.TopCommand;
import io.weir.launcher.cli.UpCommand;
import io.weir.launcher.cli.WeightsCommand;
import io.weir.launcher.cli.WeightsJobCommand;
import io.weir.launcher.replay.ReplayCommand;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code weir} command. */
@Command(
    name = "weir",
    mixinStandardHelpOptions = true,
    version = "weir 0.1.0",
    description = "An inference load balancer built on streams.",
    subcommands = {
      UpCommand.class,
      IngressCommand.class,
      DispatcherCommand.class,
      ControllerCommand.class,
      WeightsJobCommand.class,
      EngineSimCommand.class,
      BrokerCommand.class,
      EnginesCommand.class,
      TenantsCommand.class,
      WeightsCommand.class,
      TopCommand.class,
      BenchCommand.class,
      ReplayCommand.class,
      ChaosCommand.class,
      HelpCommand.class
    },
    footer = {"", "./weir test runs the whole test suite."},
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  /** Runs one command; exits 2 when it was not understood or its configuration cannot be used. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .registerConverter(Duration.class, new Durations())
        .setExecutionExceptionHandler(new Errors())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }
}
