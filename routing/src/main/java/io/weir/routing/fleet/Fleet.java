package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that requests are spread over: where they enter, what they may ask for, and what
 * serves them. Names are unique and every reference resolves.
 */
public record Fleet(List<Source> sources, List<Pool> pools, List<Engine> engines) {
  public Fleet {
    sources = List.copyOf(sources);
    pools = List.copyOf(pools);
    engines = List.copyOf(engines);
    unique("sources", sources.stream().map(Source::name).toList());
    unique("pools", pools.stream().map(Pool::name).toList());
    unique("engines", engines.stream().map(Engine::id).toList());
    unique("pools", pools.stream().flatMap(pool -> pool.models().stream()).toList());
    Set<String> names = pools.stream().map(Pool::name).collect(Collectors.toSet());
    for (int i = 0; i < engines.size(); i++) {
      if (!names.contains(engines.get(i).pool())) {
        throw new ConfigException(
            "engines[" + i + "].pool",
            "no pool is named '" + engines.get(i).pool() + "'; there are " + names);
      }
    }
  }

  /** The pool that serves a model's name. */
  public Optional<Pool> poolOf(String model) {
    return pools.stream().filter(pool -> pool.models().contains(model)).findFirst();
  }

  /** Every model's name and the pool that serves it. */
  public Map<String, Pool> poolByModel() {
    Map<String, Pool> byModel = new HashMap<>();
    pools.forEach(pool -> pool.models().forEach(model -> byModel.put(model, pool)));
    return Map.copyOf(byModel);
  }

  public List<Engine> enginesOf(String pool) {
    return engines.stream().filter(engine -> engine.pool().equals(pool)).toList();
  }

  private static void unique(String key, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new ConfigException(key, "'" + name + "' is given twice");
      }
    }
  }
}
