package io.weir.launcher.role;

import io.weir.launcher.config.SimulatedEngine;
import io.weir.launcher.config.WeirConfig;
import io.weir.routing.config.Configs;
import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.Regions;
import io.weir.routing.fleet.Source;
import io.weir.sim.EngineServer;
import io.weir.sim.EngineServerConfig;
import io.weir.sim.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The engines that Weir simulates itself, each at the distance of its region. */
public final class SimulatedEngines implements AutoCloseable {
  private static final EngineServerConfig DEFAULTS = Configs.defaults(EngineServerConfig.class);

  private final Map<String, EngineServer> servers = new LinkedHashMap<>();

  private SimulatedEngines() {}

  /**
   * Starts simulated engines.
   *
   * @param only the one with this id; all of the configuration's if empty
   * @param instant whether all of them answer at once, wherever they are
   * @throws LaunchException if there is none to start or a port cannot be used
   */
  public static SimulatedEngines start(
      WeirConfig config, Ports ports, Optional<String> only, Optional<Timing> instant) {
    SimulatedEngines engines = new SimulatedEngines();
    try {
      Fleet fleet = ports.fleet(config);
      for (Engine engine : fleet.engines()) {
        SimulatedEngine simulated = config.engineSim().get(engine.id());
        if (simulated != null && only.map(engine.id()::equals).orElse(true)) {
          Ports.requireFree(
              "engine " + engine.id(), engine.url().getHost(), Math.max(0, engine.url().getPort()));
          engines.servers.put(
              engine.id(), EngineServer.start(server(fleet, engine, simulated, instant)));
        }
      }
      return engines;
    } catch (RuntimeException e) {
      engines.close();
      throw e;
    }
  }

  private static EngineServerConfig server(
      Fleet fleet, Engine engine, SimulatedEngine simulated, Optional<Timing> instant) {
    List<String> models =
        fleet.pools().stream()
            .filter(pool -> pool.name().equals(engine.pool()))
            .map(fleet::namesOf)
            .findFirst()
            .orElseThrow();
    return new EngineServerConfig(
        engine.url().getHost(),
        Math.max(0, engine.url().getPort()),
        models.getFirst(),
        models.subList(1, models.size()),
        instant.orElse(simulated.timing()),
        simulated.profile(),
        simulated.speed(),
        simulated.maxNumSeqs(),
        simulated.maxModelLen(),
        simulated.hostBlocks(),
        simulated.maxWaiting(),
        DEFAULTS.defaultOutputTokens(),
        DEFAULTS.embeddingDimensions(),
        DEFAULTS.maxBody(),
        DEFAULTS.maxConnections(),
        instant.isPresent() ? Map.of() : roundTrips(fleet, engine, simulated),
        engine.apiKey());
  }

  private static Map<String, Duration> roundTrips(
      Fleet fleet, Engine engine, SimulatedEngine simulated) {
    Map<String, Duration> times = new HashMap<>();
    for (Source source : fleet.sources()) {
      Regions.roundTrip(source.region(), engine.region())
          .filter(time -> !time.isZero())
          .ifPresent(time -> times.put(source.name(), time));
    }
    times.putAll(simulated.roundTrips());
    return times;
  }

  /** The fleet with the engines' real URLs: those of free ports are known only now. */
  public Fleet locate(Fleet fleet) {
    List<Engine> engines = new ArrayList<>();
    for (Engine engine : fleet.engines()) {
      EngineServer server = servers.get(engine.id());
      engines.add(server == null ? engine : engine.at(server.uri()));
    }
    return fleet.withEngines(engines);
  }

  /** The running engines by id. */
  public Map<String, EngineServer> servers() {
    return Map.copyOf(servers);
  }

  @Override
  public void close() {
    Together.run(servers.values().stream().<Runnable>map(server -> server::close).toList());
  }
}
