package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.util.List;

/**
 * The engines that serve the same model.
 *
 * @param name part of topic names: lower-case letters, digits and hyphens
 * @param models the names clients may use for it; the pool's own name where none is given
 * @param policy how an engine is chosen for one request
 * @param weights where the engines' weights come from
 */
public record Pool(
    String name,
    List<String> models,
    @Default("least-cost") PickPolicy policy,
    @Default("flink") WeightSource weights) {
  public Pool {
    Names.check("name", name);
    models = models.isEmpty() ? List.of(name) : List.copyOf(models);
    if (models.stream().anyMatch(String::isBlank)) {
      throw new ConfigException("models", "a model's name must not be blank");
    }
  }

  /** A pool whose weights are static. */
  public Pool(String name, List<String> models, PickPolicy policy) {
    this(name, models, policy, WeightSource.STATIC);
  }
}
