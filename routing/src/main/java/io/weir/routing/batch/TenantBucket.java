package io.weir.routing.batch;

import io.weir.routing.hash.Hashing;

/**
 * Keys of batch requests in their lane: a tenant's go to few of the partitions, so that who sends
 * millions holds up those alone, and dispatchers read from those whose tenants were served least
 * (stochastic fairness queueing: McKenney, INFOCOM 1990). It is two partitions, not one, so that
 * two tenants seldom share both.
 */
public final class TenantBucket {
  private static final int BUCKETS = 4096;
  private static final int SHARDS = 2;

  private TenantBucket() {}

  /**
   * The key of one request.
   *
   * @param request its id
   */
  public static String key(String tenant, String request) {
    long bucket = Long.remainderUnsigned(Hashing.of(tenant), BUCKETS);
    long shard = Long.remainderUnsigned(Hashing.of(request), SHARDS);
    return "t:" + bucket + "#" + shard;
  }
}
