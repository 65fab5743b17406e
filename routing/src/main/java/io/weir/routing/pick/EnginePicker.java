package io.weir.routing.pick;

import io.weir.routing.fleet.PickPolicy;
import java.util.List;
import java.util.Locale;

/**
 * Chooses an engine of one pool. Keeps what its policy needs between choices and is not safe for
 * use by several threads: it belongs to whatever guards the pool's in-flight counts.
 */
public final class EnginePicker {
  private final Chooser chooser;

  public EnginePicker(PickPolicy policy) {
    this(policy, LeastCostOptions.DEFAULT);
  }

  /**
   * A picker with other than the default settings.
   *
   * @param options of {@link PickPolicy#LEAST_COST}; the other policies have none
   */
  public EnginePicker(PickPolicy policy, LeastCostOptions options) {
    String name = policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.chooser =
        switch (policy) {
          case ROUND_ROBIN -> new ClassicChooser(name, new RoundRobin());
          case RANDOM -> new ClassicChooser(name, WeightedDraw.uniform());
          case WEIGHTED -> new ClassicChooser(name, new SmoothWeighted());
          case LEAST_LOADED -> new ClassicChooser(name, new LeastLoaded());
          case POWER_OF_TWO -> new ClassicChooser(name, WeightedDraw.lighterOfTwo());
          case HASH_AFFINITY -> new ClassicChooser(name, new HashAffinity());
          case LEAST_COST -> new LeastCost(options);
        };
  }

  /**
   * Chooses, and takes note of the choice: the engine is thought to have the request and to hold
   * its prompt from now on.
   *
   * @param engines all engines of the pool, always in the same order
   * @param seed of every random draw; the same seed, engines and history make the same choice
   */
  public <E extends EngineView> PickResult<E> pick(
      List<E> engines, PickRequest request, long seed) {
    return chooser.pick(engines, request, seed);
  }

  /** Chooses for a request of which only the affinity key is known. */
  public <E extends EngineView> PickResult<E> pick(List<E> engines, String affinity, long seed) {
    return pick(engines, PickRequest.of(affinity), seed);
  }

  /**
   * Prompt tokens of a request that an engine is thought to have to compute, without choosing it.
   *
   * @param engines all engines of the pool, as for a choice
   */
  public <E extends EngineView> int uncachedTokens(List<E> engines, E engine, PickRequest request) {
    return chooser.uncachedTokens(engines, engine, request);
  }

  /** Forgets which prompts an engine holds, as after its restart. */
  public void cacheLost(EngineView engine) {
    chooser.cacheLost(engine);
  }
}
