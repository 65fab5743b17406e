package io.weir.routing.pick;

import io.weir.schemas.EngineWeight;
import io.weir.schemas.RoutingWeights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of weights that passed {@link TableGuard}, as a dispatcher uses it.
 *
 * @param source whose traffic it splits
 * @param pool whose engines it splits it over
 * @param epoch orders tables before the version does
 * @param version orders the tables of an epoch
 * @param intervalMillis how often a table may be expected
 * @param tauSeconds randomisation of the weights
 * @param demandPerSecond requests of the source that are planned for
 * @param engines by id, as published
 */
public record WeightTable(
    String source,
    String pool,
    long epoch,
    long version,
    long intervalMillis,
    double tauSeconds,
    double demandPerSecond,
    Map<String, EngineWeight> engines) {
  static WeightTable of(RoutingWeights published) {
    Map<String, EngineWeight> engines = new LinkedHashMap<>();
    published.getEngines().forEach(engine -> engines.put(engine.getEngine(), engine));
    double demand = 0;
    for (var plan : published.getClasses()) {
      demand += Math.max(0, plan.getDemand() - plan.getShed());
    }
    return new WeightTable(
        published.getSource(),
        published.getPool(),
        published.getEpoch(),
        published.getVersion(),
        published.getIntervalMillis(),
        published.getTau(),
        demand,
        Map.copyOf(engines));
  }

  /** Epoch and version, such as {@code 1763722800000.17}. */
  public String name() {
    return epoch + "." + version;
  }

  /** An engine's part; empty if the table does not know it. */
  public Optional<EngineWeight> engine(String id) {
    return Optional.ofNullable(engines.get(id));
  }

  /** True if the other is to take this one's place. */
  boolean isOlderThan(RoutingWeights other) {
    return other.getEpoch() > epoch || (other.getEpoch() == epoch && other.getVersion() > version);
  }

  /** Engines that may get traffic, in the order of their ids. */
  List<EngineWeight> eligible() {
    return engines.values().stream()
        .filter(engine -> engine.getExcluded().isEmpty())
        .sorted((one, two) -> one.getEngine().compareTo(two.getEngine()))
        .toList();
  }
}
