package io.weir.launcher.cli;

import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.role.Infrastructure;
import io.weir.launcher.view.EngineStatus;
import io.weir.launcher.view.EnginesText;
import io.weir.launcher.view.FleetReader;
import io.weir.launcher.view.FleetView;
import io.weir.launcher.view.NothingThereException;
import io.weir.routing.fleet.Engine;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
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
    subcommands = {DrainCommand.class, UndrainCommand.class},
    description = {
      "Asks every engine how it is, and shows what part of the traffic it is to get.",
      "Engines are those of a running system, else those of the configuration."
    })
public final class EnginesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Option(
      names = "--source",
      description = "As seen from this source, if engines are simulated (default: the first).")
  private Optional<String> source;

  @Option(names = "--json", description = "As a JSON array.")
  private boolean json;

  private record Asked(
      String id, String pool, String region, URI url, Optional<EngineStatus> known) {}

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    Logging.onlyErrors();
    WeirConfig config = shared.config();
    String from =
        source
            .map(name -> config.sources().get(shared.sourceIndex(config, source)).name())
            .orElse(config.sources().getFirst().name());
    List<EnginesText.Row> rows = look(config, from, known(config));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(EnginesText.json(rows));
    } else {
      EnginesText.table(rows).forEach(out::println);
    }
    out.flush();
    return rows.stream().allMatch(row -> row.health().equals("ok")) ? 0 : 1;
  }

  /** Where nothing runs the engines can be asked all the same. */
  private Map<String, EngineStatus> known(WeirConfig config) throws InterruptedException {
    try (FleetReader reader =
        FleetReader.open(
            Infrastructure.elsewhere(config, shared.ports()),
            EnumSet.noneOf(FleetReader.Live.class))) {
      return new FleetView(reader, Clock.systemUTC()).engines();
    } catch (NothingThereException nothing) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(nothing.getMessage() + " What follows is what the engines themselves answer.");
      err.flush();
      return Map.of();
    }
  }

  private List<EnginesText.Row> look(
      WeirConfig config, String from, Map<String, EngineStatus> known)
      throws InterruptedException, ExecutionException {
    List<Engine> configured = shared.ports().fleet(config).engines();
    Map<String, Engine> byId =
        configured.stream().collect(Collectors.toMap(Engine::id, engine -> engine));
    List<Asked> asked = new ArrayList<>();
    if (known.isEmpty()) {
      configured.forEach(engine -> asked.add(asked(engine)));
    }
    known.values().forEach(engine -> asked.add(asked(engine)));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<EnginesText.Row>> rows =
          asked.stream()
              .map(
                  one ->
                      threads.submit(() -> row(one, Optional.ofNullable(byId.get(one.id())), from)))
              .toList();
      List<EnginesText.Row> done = new ArrayList<>();
      for (Future<EnginesText.Row> row : rows) {
        done.add(row.get());
      }
      return done;
    }
  }

  private static Asked asked(Engine engine) {
    return new Asked(engine.id(), engine.pool(), engine.region(), engine.url(), Optional.empty());
  }

  private static Asked asked(EngineStatus engine) {
    return new Asked(
        engine.spec().getId(),
        engine.spec().getPool(),
        engine.spec().getRegion(),
        URI.create(engine.spec().getUrl()),
        Optional.of(engine));
  }

  private static EnginesText.Row row(Asked asked, Optional<Engine> configured, String from) {
    EngineProbe.Seen seen =
        new EngineProbe(asked.url(), configured.flatMap(Engine::apiKey), from).look();
    return new EnginesText.Row(
        asked.id(),
        asked.pool(),
        asked.region(),
        asked.url().toString(),
        seen.roundTrip(),
        seen.running(),
        seen.waiting(),
        seen.health(),
        asked.known());
  }
}
