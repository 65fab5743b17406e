package io.weir.launcher.cli;

import io.weir.launcher.config.WeirConfig;
import io.weir.routing.fleet.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir engines}. */
@Command(
    name = "engines",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Asks every engine of the configuration how it is.")
public final class EnginesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Option(
      names = "--source",
      description = "As seen from this source, if engines are simulated (default: the first).")
  private Optional<String> source;

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    Logging.toStandardError();
    WeirConfig config = shared.config();
    String from =
        source
            .map(name -> config.sources().get(shared.sourceIndex(config, source)).name())
            .orElse(config.sources().getFirst().name());
    List<Engine> engines = shared.ports().fleet(config).engines();
    boolean allWell = true;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<EngineProbe.Seen>> seen =
          engines.stream()
              .map(engine -> threads.submit(new EngineProbe(engine, from)::look))
              .toList();
      row("ENGINE", "POOL", "REGION", "URL", "RTT", "RUNNING", "WAITING", "HEALTH");
      for (int i = 0; i < engines.size(); i++) {
        Engine engine = engines.get(i);
        EngineProbe.Seen look = seen.get(i).get();
        allWell &= look.health().equals("ok");
        row(
            engine.id(),
            engine.pool(),
            engine.region(),
            engine.url().toString(),
            look.roundTrip().map(EnginesCommand::millis).orElse("-"),
            number(look.running()),
            number(look.waiting()),
            look.health());
      }
    }
    spec.commandLine().getOut().flush();
    return allWell ? 0 : 1;
  }

  private void row(
      String id,
      String pool,
      String region,
      String url,
      String roundTrip,
      String running,
      String waiting,
      String health) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%-16s %-16s %-20s %-28s %9s %8s %8s  %s%n",
            id,
            pool,
            region,
            url,
            roundTrip,
            running,
            waiting,
            health);
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? String.valueOf(Math.round(value.getAsDouble())) : "-";
  }
}
