package io.weir.launcher.cli;

import io.weir.dispatcher.Dispatcher;
import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.role.Infrastructure;
import io.weir.launcher.role.Ports;
import io.weir.launcher.role.Roles;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir dispatcher}. */
@Command(
    name = "dispatcher",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Runs the dispatcher of one source.",
      "Without a kafka section it uses the broker that weir broker or weir up runs here."
    })
public final class DispatcherCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Option(names = "--source", description = "Its source; may be left out where there is one only.")
  private Optional<String> source;

  @Option(names = "--port", description = "Where it listens, in place of the configured port.")
  private Optional<Integer> port;

  @Override
  public Integer call() throws InterruptedException {
    Logging.toStandardError();
    WeirConfig config = shared.config();
    Ports ports = shared.ports();
    int index = shared.sourceIndex(config, source);
    Dispatcher dispatcher =
        Roles.dispatcherAlone(
            config,
            ports.fleet(config),
            index,
            port.orElseGet(() -> ports.dispatcher(config, index)),
            Infrastructure.elsewhere(config, ports));
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Ready: dispatcher of "
            + config.sources().get(index).name()
            + ", metrics at http://"
            + config.dispatcher().host()
            + ":"
            + dispatcher.port()
            + "/metrics");
    out.flush();
    return new Until().stopped(dispatcher, out);
  }
}
