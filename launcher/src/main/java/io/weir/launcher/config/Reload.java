package io.weir.launcher.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
    return FIXED.entrySet().stream()
        .filter(section -> differs(section.getValue(), running, offered))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean differs(
      Function<WeirConfig, Object> section, WeirConfig running, WeirConfig offered) {
    return !section.apply(running).equals(section.apply(offered));
  }
}
