package io.weir.routing.replay;

import io.weir.routing.fleet.PickPolicy;
import java.util.Locale;

/** A way to choose engines that can be replayed. */
public enum ReplayPolicy {
  /** Each engine in turn. */
  ROUND_ROBIN,
  /** Uniformly at random. */
  RANDOM,
  /** Smooth weighted round-robin by capacity. */
  WEIGHTED,
  /** Fewest requests in flight per capacity. */
  LEAST_LOADED,
  /** The better of two drawn by capacity. */
  POWER_OF_TWO,
  /** Rendezvous hashing of the early prefix with bounded load. */
  HASH_AFFINITY,
  /** Prequal's hot-cold rule on probes (Wydrowski et al., NSDI 2024). */
  PREQUAL,
  /** 3 × prefix + 2 × queue + 2 × KV cache, as the Gateway API inference extension's schedulers. */
  PREFIX_QUEUE_KV,
  /** Solved weights and the least cost. */
  WEIR,
  /** The least time to first token by the engines' true state: no policy can see that. */
  ORACLE;

  /** The name in tables and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it uses what no dispatcher can see. */
  public boolean seesHiddenState() {
    return this == ORACLE;
  }

  PickPolicy classic() {
    return PickPolicy.valueOf(name());
  }
}
