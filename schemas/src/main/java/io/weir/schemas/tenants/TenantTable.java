package io.weir.schemas.tenants;

import io.weir.schemas.Tenant;
import io.weir.schemas.TenantKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the records of tenants and keys add up to. One thread writes, any number read without a
 * lock.
 */
final class TenantTable {
  private static final Logger LOG = LoggerFactory.getLogger(TenantTable.class);

  private final int mostTenants;
  private final int mostKeys;
  private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();
  private final Map<String, TenantKey> keysById = new ConcurrentHashMap<>();

  /**
   * By the key's SHA-256. How long a look-up takes may depend on the digest: it tells nothing of
   * use about a key of 256 random bits.
   */
  private final Map<String, TenantKey> keysByDigest = new ConcurrentHashMap<>();

  /**
   * @param mostTenants more than these are not taken up
   * @param mostKeys nor more than these
   */
  TenantTable(int mostTenants, int mostKeys) {
    this.mostTenants = mostTenants;
    this.mostKeys = mostKeys;
  }

  /** Takes the next record of a tenant; empty if it was removed. */
  void apply(String name, Optional<Tenant> tenant) {
    if (tenant.isEmpty()) {
      tenants.remove(name);
    } else if (tenants.size() < mostTenants || tenants.containsKey(name)) {
      tenants.put(name, tenant.get());
    } else {
      LOG.error("tenant not taken up tenant={}: there are {} already", name, mostTenants);
    }
  }

  /** Takes the next record of a key; empty if it was removed. */
  void applyKey(String id, Optional<TenantKey> key) {
    TenantKey before = keysById.get(id);
    if (before == null && key.isPresent() && keysById.size() >= mostKeys) {
      LOG.error("key not taken up key_id={}: there are {} already", id, mostKeys);
      return;
    }
    if (key.isPresent()) {
      keysById.put(id, key.get());
      // Put before the old digest goes, so that no reader misses a key that only changed.
      keysByDigest.put(key.get().getSha256(), key.get());
    } else {
      keysById.remove(id);
    }
    if (before != null && key.filter(now -> now.getSha256().equals(before.getSha256())).isEmpty()) {
      keysByDigest.remove(before.getSha256(), before);
    }
  }

  Optional<Tenant> tenant(String name) {
    return Optional.ofNullable(tenants.get(name));
  }

  /** Its weight against others; 1 if it is not known. */
  double weight(String name) {
    Tenant tenant = tenants.get(name);
    return tenant == null ? 1 : tenant.getWeight();
  }

  Optional<TenantKey> key(String sha256) {
    return Optional.ofNullable(keysByDigest.get(sha256));
  }

  boolean hasKeys() {
    return !keysById.isEmpty();
  }
}
