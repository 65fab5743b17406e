package io.weir.launcher.cli;

import io.weir.controller.Controller;
import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.role.Infrastructure;
import io.weir.launcher.role.Ports;
import io.weir.launcher.role.Roles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir controller}. */
@Command(
    name = "controller",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Runs a controller: it publishes engines and distances, asks engines for their metrics, and",
      "serves the admin API. It takes up engines and distances of its file when that changes.",
      "Without a kafka section it uses the broker that weir broker or weir up runs here."
    })
public final class ControllerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Option(names = "--port", description = "Where it listens, in place of the configured port.")
  private Optional<Integer> port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where it keeps the state of requests (default: ./.weir).")
  private Optional<Path> dataDir;

  @Override
  public Integer call() throws InterruptedException {
    Logging.toStandardError();
    WeirConfig config = shared.config();
    Ports ports = shared.ports();
    Controller controller =
        Roles.controllerAlone(
            config,
            ports.fleet(config),
            port.orElseGet(() -> ports.controller(config)),
            Infrastructure.elsewhere(config, ports),
            dataDir.orElse(config.embedded().dataDir()).toAbsolutePath().normalize());
    AutoCloseable watch = shared.watch(config, changed -> controller.apply(ports.fleet(changed)));
    PrintWriter out = spec.commandLine().getOut();
    out.println("Ready: controller, admin API at " + controller.uri());
    out.flush();
    return new Until()
        .stopped(
            () -> {
              watch.close();
              controller.close();
            },
            out);
  }
}
