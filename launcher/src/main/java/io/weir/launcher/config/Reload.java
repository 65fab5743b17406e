package io.weir.launcher.config;

import io.weir.routing.config.Secret;
import io.weir.routing.fleet.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What of a changed configuration can be taken up while everything runs: engines and distances. */
public final class Reload {
  private static final Map<String, Function<WeirConfig, Object>> FIXED = new LinkedHashMap<>();

  static {
    FIXED.put("kafka", WeirConfig::kafka);
    FIXED.put("sources", WeirConfig::sources);
    FIXED.put("pools", WeirConfig::pools);
    FIXED.put("ingress", WeirConfig::ingress);
    FIXED.put("dispatcher", WeirConfig::dispatcher);
    FIXED.put("embedded", WeirConfig::embedded);
    FIXED.put("engine-sim", WeirConfig::engineSim);
    FIXED.put("aliases", WeirConfig::aliases);
    FIXED.put("controller", WeirConfig::controller);
    FIXED.put("weights", WeirConfig::weights);
  }

  private Reload() {}

  /** Sections that differ, although only a restart can take them up. */
  public static List<String> needsRestart(WeirConfig running, WeirConfig offered) {
    return Stream.concat(
            FIXED.entrySet().stream()
                .filter(section -> differs(section.getValue(), running, offered))
                .map(Map.Entry::getKey),
            newKeys(running, offered))
        .toList();
  }

  /** Keys are never published, so dispatchers know those that they started with. */
  private static Stream<String> newKeys(WeirConfig running, WeirConfig offered) {
    Map<String, Optional<Secret>> known =
        running.engines().stream().collect(Collectors.toMap(Engine::id, Engine::apiKey));
    return offered.engines().stream()
        .filter(engine -> engine.apiKey().isPresent())
        .filter(engine -> !engine.apiKey().equals(known.get(engine.id())))
        .map(engine -> "the api-key of engine " + engine.id());
  }

  private static boolean differs(
      Function<WeirConfig, Object> section, WeirConfig running, WeirConfig offered) {
    return !section.apply(running).equals(section.apply(offered));
  }
}
