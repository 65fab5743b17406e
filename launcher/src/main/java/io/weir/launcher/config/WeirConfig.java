package io.weir.launcher.config;

import io.weir.controller.ControllerConfig;
import io.weir.dispatcher.DispatcherConfig;
import io.weir.flink.WeightsJobConfig;
import io.weir.ingress.IngressConfig;
import io.weir.routing.config.ConfigException;
import io.weir.routing.cost.CostPolicy;
import io.weir.routing.fleet.Alias;
import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.GeographyConfig;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.ServiceTerms;
import io.weir.routing.targets.ClassTargets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The configuration file.
 *
 * @param kafka any property of Kafka's clients and {@code schema.registry.url}; empty for the
 *     broker and registry inside the process
 * @param sources where requests enter; at least one
 * @param pools engines that serve the same model; at least one
 * @param engines the inference servers
 * @param ingress what every ingress is like
 * @param dispatcher what every dispatcher is like
 * @param embedded the broker and registry inside the process
 * @param engineSim engines that Weir simulates itself, by id
 * @param aliases models' names that stand for several pools, each with a share by pool
 * @param geography distances that are not the built-in ones
 * @param targets what is promised to each class of requests
 * @param cost how requests are priced against each other
 * @param controller what every controller is like
 * @param weights how the weights job plans and runs; regions of sources are those of {@code
 *     sources}
 */
public record WeirConfig(
    Map<String, String> kafka,
    List<SourceConfig> sources,
    List<Pool> pools,
    List<Engine> engines,
    IngressConfig ingress,
    DispatcherConfig dispatcher,
    EmbeddedConfig embedded,
    Map<String, SimulatedEngine> engineSim,
    Map<String, Map<String, Double>> aliases,
    GeographyConfig geography,
    ClassTargets targets,
    CostPolicy cost,
    ControllerConfig controller,
    WeightsJobConfig weights) {
  private static final String BOOTSTRAP = "bootstrap.servers";

  public WeirConfig {
    kafka = Map.copyOf(kafka);
    engineSim = Map.copyOf(engineSim);
    aliases = Map.copyOf(aliases);
    if (sources.isEmpty()) {
      throw new ConfigException(
          "sources", "name at least one, such as '- {name: home, region: local}'");
    }
    if (pools.isEmpty()) {
      throw new ConfigException("pools", "name at least one, such as '- {name: llama-3-8b}'");
    }
    Set<String> engineIds = engines.stream().map(Engine::id).collect(Collectors.toSet());
    engineSim
        .keySet()
        .forEach(
            id -> {
              if (!engineIds.contains(id)) {
                throw new ConfigException(
                    "engine-sim." + id, "no engine has this id; there are " + engineIds);
              }
            });
    if (!kafka.isEmpty() && !kafka.containsKey(BOOTSTRAP)) {
      throw new ConfigException(
          "kafka",
          BOOTSTRAP
              + " is missing: name your brokers, or leave the whole section out to use the broker"
              + " inside Weir");
    }
    // Checks what one part says of another.
    fleet(sources, pools, engines, engineSim, aliases, geography, new ServiceTerms(targets, cost));
  }

  /** Sources, pools, engines, aliases and distances together. */
  public Fleet fleet() {
    return fleet(
        sources, pools, engines, engineSim, aliases, geography, new ServiceTerms(targets, cost));
  }

  private static Fleet fleet(
      List<SourceConfig> sources,
      List<Pool> pools,
      List<Engine> engines,
      Map<String, SimulatedEngine> engineSim,
      Map<String, Map<String, Double>> aliases,
      GeographyConfig geography,
      ServiceTerms service) {
    return new Fleet(
        sources.stream().map(SourceConfig::source).toList(),
        pools,
        engines.stream().map(engine -> profiled(engine, engineSim)).toList(),
        new TreeMap<>(aliases)
            .entrySet().stream().map(alias -> new Alias(alias.getKey(), alias.getValue())).toList(),
        geography,
        service);
  }

  /** What a simulated engine is like is known, unless the file says something else of it. */
  private static Engine profiled(Engine engine, Map<String, SimulatedEngine> engineSim) {
    SimulatedEngine simulated = engineSim.get(engine.id());
    return simulated == null ? engine : engine.or(simulated.asProfile()).continuing();
  }
}
