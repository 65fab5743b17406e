package io.weir.routing.replay;

import java.util.List;

/**
 * A fleet, what it has to serve, and what goes wrong. All engines are one pool.
 *
 * @param roundTrips between the sources' and the engines' regions
 */
public record ReplayScenario(
    List<ReplayEngine> engines,
    List<ReplaySource> sources,
    RoundTrips roundTrips,
    List<Fault> faults,
    ReplaySettings settings) {
  public ReplayScenario {
    engines = List.copyOf(engines);
    sources = List.copyOf(sources);
    faults = List.copyOf(faults);
    if (engines.isEmpty() || sources.isEmpty()) {
      throw new IllegalArgumentException("a scenario has at least one engine and one source");
    }
    for (Fault fault : faults) {
      if (fault.engine() < 0 || fault.engine() >= engines.size()) {
        throw new IllegalArgumentException(
            "a fault is on engine " + fault.engine() + " of " + engines.size());
      }
    }
  }

  /** The same with other settings. */
  public ReplayScenario with(ReplaySettings other) {
    return new ReplayScenario(engines, sources, roundTrips, faults, other);
  }

  /** The same with other faults. */
  public ReplayScenario with(List<Fault> others) {
    return new ReplayScenario(engines, sources, roundTrips, others, settings);
  }

  int requests() {
    return sources.stream().mapToInt(source -> source.trace().requests().size()).sum();
  }
}
