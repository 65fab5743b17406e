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
 */
public record Pool(String name, List<String> models, @Default("power-of-two") PickPolicy policy) {
  public Pool {
    Names.check("name", name);
    models = models.isEmpty() ? List.of(name) : List.copyOf(models);
    if (models.stream().anyMatch(String::isBlank)) {
      throw new ConfigException("models", "a model's name must not be blank");
    }
  }
}
