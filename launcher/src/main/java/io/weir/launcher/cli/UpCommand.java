package io.weir.launcher.cli;

import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.role.LocalSystem;
import io.weir.launcher.role.Stages;
import io.weir.sim.Timing;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir up}. */
@Command(
    name = "up",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Runs everything in one process: broker, registry, controller, Flink, ingresses, dispatchers",
      "and engines.",
      "With --config the same roles run against your engines and, if it names one, your Kafka."
    })
public final class UpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Option(names = "--instant", description = "Simulated engines answer at once.")
  private boolean instant;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the broker keeps its data and the log lies (default: ./.weir).")
  private Optional<Path> dataDir;

  @Override
  public Integer call() {
    WeirConfig config = shared.config();
    Path data = dataDir.orElse(config.embedded().dataDir()).toAbsolutePath().normalize();
    Logging.toFile(data);
    PrintWriter out = spec.commandLine().getOut();
    Stages stages = new Stages(out);
    out.println("Starting; the log is " + Logging.file(data));
    LocalSystem system =
        LocalSystem.start(
            config,
            shared.ports(),
            data,
            instant ? Optional.of(Timing.INSTANT) : Optional.empty(),
            stages);
    AutoCloseable watch = shared.watch(config, system::apply);
    Until until = new Until();
    system.onFailure(
        cause -> {
          out.println("The broker failed: " + cause + ". The log has the details.");
          out.flush();
          until.fail();
        });
    out.println(ready(stages, config, system.ingresses()));
    out.flush();
    return until.stopped(
        () -> {
          watch.close();
          system.close();
        },
        out);
  }

  private String ready(Stages stages, WeirConfig config, Map<String, URI> ingresses) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "Ready after %.1f s.%n%n", stages.seconds()));
    ingresses.forEach(
        (source, uri) ->
            text.append(
                String.format(
                    Locale.ROOT, "  %-11s  %s/v1   metrics at %s/metrics%n", source, uri, uri)));
    text.append("\nTry it:\n  ")
        .append(curl(config, ingresses.values().iterator().next()))
        .append("\n  ./weir top")
        .append(shared.again())
        .append("        ./weir weights")
        .append(shared.again())
        .append("\nStop it with Ctrl-C.");
    return text.toString();
  }

  private static String curl(WeirConfig config, URI ingress) {
    String key =
        config.ingress().apiKeys().isEmpty() ? "" : " -H \"Authorization: Bearer $OPENAI_API_KEY\"";
    return "curl "
        + ingress
        + "/v1/chat/completions -H 'Content-Type: application/json'"
        + key
        + " -d '{\"model\":\""
        + config.pools().getFirst().models().getFirst()
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"max_tokens\":32}'";
  }
}
