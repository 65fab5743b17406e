package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model's name that stands for several pools, each with a share of the requests: a canary. Who
 * asks again with the same key gets the same pool, and changed shares move no more keys than they
 * must where there are two pools.
 *
 * @param name what clients ask for
 * @param shares part of the requests by pool; positive, and one in sum
 */
public record Alias(String name, Map<String, Double> shares) {
  private static final double TWO_TO_53 = 0x1p53;

  public Alias {
    if (name.isBlank()) {
      throw new ConfigException("aliases", "a name must not be blank");
    }
    if (shares.isEmpty()) {
      throw new ConfigException(
          "aliases." + name, "name at least one pool, such as '{pool-a: 0.9, pool-b: 0.1}'");
    }
    shares.forEach(
        (pool, share) -> {
          if (!(share > 0) || Double.isInfinite(share)) {
            throw new ConfigException(
                "aliases." + name, pool + " must have a positive share, has " + share);
          }
        });
    shares = normalised(shares);
  }

  /**
   * The pool that a key's requests go to.
   *
   * @param hash of the session, or whatever the request is to stick to; every bit counts
   */
  public String poolOf(long hash) {
    double point = (mixed(hash) >>> 11) / TWO_TO_53;
    String last = "";
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      last = share.getKey();
      point -= share.getValue();
      if (point < 0) {
        return last;
      }
    }
    return last;
  }

  private static Map<String, Double> normalised(Map<String, Double> shares) {
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<String, Double> parts = new LinkedHashMap<>();
    new TreeMap<>(shares).forEach((pool, share) -> parts.put(pool, share / sum));
    return Collections.unmodifiableMap(parts);
  }

  /** Finaliser of MurmurHash3: keys whose hashes lie close together are not drawn together. */
  private static long mixed(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
