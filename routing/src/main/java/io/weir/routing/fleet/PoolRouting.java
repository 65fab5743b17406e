package io.weir.routing.fleet;

import io.weir.routing.hash.Hashing;
import java.util.Map;
import java.util.Optional;

/** Finds the pool for a request: its model's, or for an alias the one its key draws. */
public final class PoolRouting {
  private final Map<String, Pool> pools;
  private final Map<String, Alias> aliases;

  public PoolRouting(Fleet fleet) {
    this.pools = fleet.poolByModel();
    this.aliases = fleet.aliasByModel();
  }

  /**
   * The pool's name; empty if no model and no alias is called so.
   *
   * @param sticky what has to stay in one pool: the session, else the request's own id, so that an
   *     alias's shares hold also for the requests of a single client
   */
  public Optional<String> pool(String model, String sticky) {
    Pool pool = pools.get(model);
    if (pool != null) {
      return Optional.of(pool.name());
    }
    return Optional.ofNullable(aliases.get(model)).map(alias -> alias.poolOf(Hashing.of(sticky)));
  }
}
