package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import java.util.ArrayList;
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
 *
 * @param sources where requests enter
 * @param pools engines that serve the same model
 * @param engines what serves them
 * @param aliases models' names that stand for several pools
 * @param geography distances that are not the built-in ones
 * @param service what is promised to each class, and what requests cost
 */
public record Fleet(
    List<Source> sources,
    List<Pool> pools,
    List<Engine> engines,
    List<Alias> aliases,
    GeographyConfig geography,
    ServiceTerms service) {
  public Fleet {
    sources = List.copyOf(sources);
    pools = List.copyOf(pools);
    engines = List.copyOf(engines);
    aliases = List.copyOf(aliases);
    unique("sources", sources.stream().map(Source::name).toList());
    unique("pools", pools.stream().map(Pool::name).toList());
    unique("engines", engines.stream().map(Engine::id).toList());
    unique("pools", pools.stream().flatMap(pool -> pool.models().stream()).toList());
    unique("aliases", aliases.stream().map(Alias::name).toList());
    Set<String> names = pools.stream().map(Pool::name).collect(Collectors.toSet());
    for (int i = 0; i < engines.size(); i++) {
      if (!names.contains(engines.get(i).pool())) {
        throw new ConfigException(
            "engines[" + i + "].pool",
            "no pool is named '" + engines.get(i).pool() + "'; there are " + names);
      }
    }
    for (Alias alias : aliases) {
      check(alias, pools, names);
    }
  }

  /** A fleet at the default targets and costs. */
  public Fleet(
      List<Source> sources,
      List<Pool> pools,
      List<Engine> engines,
      List<Alias> aliases,
      GeographyConfig geography) {
    this(sources, pools, engines, aliases, geography, ServiceTerms.DEFAULT);
  }

  /** A fleet without aliases, at the built-in distances and the default targets and costs. */
  public Fleet(List<Source> sources, List<Pool> pools, List<Engine> engines) {
    this(sources, pools, engines, List.of(), new GeographyConfig(List.of()));
  }

  /** The same fleet with other engines. */
  public Fleet withEngines(List<Engine> others) {
    return new Fleet(sources, pools, others, aliases, geography, service);
  }

  /** The pool that serves a model's name. */
  public Optional<Pool> poolOf(String model) {
    return pools.stream().filter(pool -> pool.models().contains(model)).findFirst();
  }

  /** Every model's name and the pool that serves it; names that stand for several are not there. */
  public Map<String, Pool> poolByModel() {
    Map<String, Pool> byModel = new HashMap<>();
    pools.forEach(pool -> pool.models().forEach(model -> byModel.put(model, pool)));
    return Map.copyOf(byModel);
  }

  /** The models' names that stand for several pools. */
  public Map<String, Alias> aliasByModel() {
    return aliases.stream().collect(Collectors.toUnmodifiableMap(Alias::name, alias -> alias));
  }

  /** Every name by which a pool's engines may be asked for. */
  public List<String> namesOf(Pool pool) {
    List<String> names = new ArrayList<>(pool.models());
    aliases.stream()
        .filter(alias -> alias.shares().containsKey(pool.name()))
        .forEach(alias -> names.add(alias.name()));
    return List.copyOf(names);
  }

  public List<Engine> enginesOf(String pool) {
    return engines.stream().filter(engine -> engine.pool().equals(pool)).toList();
  }

  private static void check(Alias alias, List<Pool> pools, Set<String> names) {
    for (String pool : alias.shares().keySet()) {
      if (!names.contains(pool)) {
        throw new ConfigException(
            "aliases." + alias.name(), "no pool is named '" + pool + "'; there are " + names);
      }
    }
    for (Pool pool : pools) {
      if (pool.models().contains(alias.name())) {
        throw new ConfigException(
            "aliases." + alias.name(),
            "pool '" + pool.name() + "' has a model of this name; a name is one or the other");
      }
    }
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
