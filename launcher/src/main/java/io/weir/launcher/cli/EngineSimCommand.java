package io.weir.launcher.cli;

import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.role.LaunchException;
import io.weir.launcher.role.SimulatedEngines;
import io.weir.sim.Timing;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir engine-sim}. */
@Command(
    name = "engine-sim",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Runs the simulated engines of the configuration's engine-sim section.")
public final class EngineSimCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Shared shared = new Shared();

  @Option(names = "--engine", paramLabel = "ID", description = "Only this one.")
  private Optional<String> engine;

  @Option(names = "--instant", description = "They answer at once.")
  private boolean instant;

  @Override
  public Integer call() {
    Logging.toStandardError();
    WeirConfig config = shared.config();
    if (config.engineSim().isEmpty()) {
      throw new LaunchException(
          "The configuration has no engine-sim section, so there is no engine to simulate. Add one"
              + " such as 'engine-sim: {ID: {profile: h100-llama-3-8b}}'.");
    }
    if (engine.isPresent() && !config.engineSim().containsKey(engine.get())) {
      throw new LaunchException(
          "The engine-sim section has no engine "
              + engine.get()
              + "; it has "
              + new TreeMap<>(config.engineSim()).keySet()
              + ".");
    }
    SimulatedEngines engines =
        SimulatedEngines.start(
            config,
            shared.ports(),
            engine,
            instant ? Optional.of(Timing.INSTANT) : Optional.empty());
    PrintWriter out = spec.commandLine().getOut();
    new TreeMap<>(engines.servers())
        .forEach((id, server) -> out.println("Ready: engine " + id + " at " + server.uri()));
    out.flush();
    return new Until().stopped(engines, out);
  }
}
