package io.weir.routing.fleet;

/** How an engine is chosen for one request. */
public enum PickPolicy {
  /** Least estimated cost among the best prefix match and a few engines drawn by weight. */
  LEAST_COST,
  /** Each eligible engine in turn. */
  ROUND_ROBIN,
  /** Uniformly at random. */
  RANDOM,
  /** Smooth weighted round-robin: shares follow the weights exactly. */
  WEIGHTED,
  /** Fewest requests in flight per weight. */
  LEAST_LOADED,
  /** The better of two engines drawn by weight (Mitzenmacher 2001). */
  POWER_OF_TWO,
  /** Rendezvous hashing of session or client address with bounded load (Mirrokni et al. 2018). */
  HASH_AFFINITY
}
