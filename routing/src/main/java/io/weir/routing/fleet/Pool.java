package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.util.List;
import java.util.Optional;

/**
 * The engines that serve the same model.
 *
 * @param name part of topic names: lower-case letters, digits and hyphens
 * @param models the names clients may use for it; the pool's own name where none is given
 * @param policy how an engine is chosen for one request
 * @param weights where the engines' weights come from
 * @param onInterruption what becomes of a stream whose engine fails after its first byte
 * @param hedge true if a second engine is asked for a late answer of class priority
 * @param price what its tokens cost tenants with budgets in dollars
 */
public record Pool(
    String name,
    List<String> models,
    @Default("least-cost") PickPolicy policy,
    @Default("flink") WeightSource weights,
    @Default("error") OnInterruption onInterruption,
    @Default("false") boolean hedge,
    Optional<Price> price) {
  public Pool {
    Names.check("name", name);
    models = models.isEmpty() ? List.of(name) : List.copyOf(models);
    if (models.stream().anyMatch(String::isBlank)) {
      throw new ConfigException("models", "a model's name must not be blank");
    }
  }

  /** A pool whose interrupted streams end with an error, without hedges. */
  public Pool(String name, List<String> models, PickPolicy policy, WeightSource weights) {
    this(name, models, policy, weights, OnInterruption.ERROR, false, Optional.empty());
  }

  /** A pool whose weights are static. */
  public Pool(String name, List<String> models, PickPolicy policy) {
    this(name, models, policy, WeightSource.STATIC);
  }

  /** The same pool with another way to treat interrupted streams. */
  public Pool on(OnInterruption interruption) {
    return new Pool(name, models, policy, weights, interruption, hedge, price);
  }

  /** The same pool with hedges. */
  public Pool hedged() {
    return new Pool(name, models, policy, weights, onInterruption, true, price);
  }

  /** The same pool at a price. */
  public Pool at(Price price) {
    return new Pool(name, models, policy, weights, onInterruption, hedge, Optional.of(price));
  }
}
