package io.weir.launcher.bench;

import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Who sends which request: drawn by shares, from the request's number and the seed alone, so that
 * two runs with one seed send alike.
 */
final class Mix {
  /** All requests alike. */
  static final Mix NONE = new Mix(Optional.empty(), Optional.empty(), Map.of(), 0);

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final Optional<Shares> classes;
  private final Optional<Shares> tenants;
  private final Map<String, String> keys;
  private final long seed;

  /**
   * @param keys by tenant
   */
  Mix(Optional<Shares> classes, Optional<Shares> tenants, Map<String, String> keys, long seed) {
    this.classes = classes;
    this.tenants = tenants;
    this.keys = Map.copyOf(keys);
    this.seed = seed;
  }

  Sender of(int number) {
    if (classes.isEmpty() && tenants.isEmpty()) {
      return Sender.ANYONE;
    }
    SplittableRandom random = new SplittableRandom(seed ^ (number * GOLDEN));
    double classPlace = random.nextDouble();
    double tenantPlace = random.nextDouble();
    Optional<String> tenant = tenants.map(shares -> shares.at(tenantPlace));
    return new Sender(classes.map(shares -> shares.at(classPlace)), tenant, tenant.map(keys::get));
  }
}
