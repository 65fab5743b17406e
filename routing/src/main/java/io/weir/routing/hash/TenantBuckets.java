package io.weir.routing.hash;

/**
 * Tenants as metrics have them: there may be thousands, and a series for each would be too many.
 * The same everywhere, so that one tenant's numbers from several roles can be put beside each
 * other.
 */
public final class TenantBuckets {
  private static final int BUCKETS = 16;

  private TenantBuckets() {}

  /** The tenant's bucket: "0" to "15". */
  public static String of(String tenant) {
    return Integer.toString(Math.floorMod(Hashing.of(tenant), BUCKETS));
  }
}
