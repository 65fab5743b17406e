package io.weir.launcher.cli;

import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.role.Infrastructure;
import io.weir.launcher.role.LaunchException;
import io.weir.launcher.role.Stages;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir broker}. */
@Command(
    name = "broker",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Runs the embedded broker and schema registry alone, for roles in processes of their own",
      "on this machine. For more than one machine use a Kafka cluster of yours."
    })
public final class BrokerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the broker keeps its data (default: ./.weir).")
  private Optional<Path> dataDir;

  @Override
  public Integer call() {
    Logging.toStandardError();
    WeirConfig config = shared.config();
    if (!config.kafka().isEmpty()) {
      throw new LaunchException(
          "The configuration names a Kafka of yours, so there is no broker to run here. Leave its"
              + " kafka section out to use the embedded one.");
    }
    PrintWriter out = spec.commandLine().getOut();
    Path data = dataDir.orElse(config.embedded().dataDir()).toAbsolutePath().normalize();
    Infrastructure infrastructure =
        Infrastructure.start(config, shared.ports(), data, new Stages(out));
    Until until = new Until();
    infrastructure.onFailure(
        cause -> {
          out.println("The broker failed: " + cause);
          out.flush();
          until.fail();
        });
    out.println("Ready: broker at " + infrastructure.settings().bootstrapServers());
    out.flush();
    return until.stopped(infrastructure, out);
  }
}
