package io.weir.schemas.tenants;

import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.TenantSpend;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the records of spending add up to. One thread writes, any number read without a lock. Of
 * every period the newest two are kept: the one that runs, and the one before.
 */
final class SpendTable {
  private static final Logger LOG = LoggerFactory.getLogger(SpendTable.class);
  private static final int KEPT = 2;

  private final int mostTenants;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();

  /** One tenant's parts, and their sums for readers. */
  private static final class Account {
    final Map<BudgetPeriod, NavigableMap<Instant, Map<Integer, TenantSpend>>> parts =
        new EnumMap<>(BudgetPeriod.class);
    volatile Map<BudgetPeriod, Map<Instant, Spent>> sums = Map.of();
    volatile long asOfMillis;
  }

  /**
   * @param mostTenants more than these are not taken up
   */
  SpendTable(int mostTenants) {
    this.mostTenants = mostTenants;
  }

  void apply(TenantSpend part) {
    Account account = accounts.get(part.getTenant());
    if (account == null) {
      if (accounts.size() >= mostTenants) {
        LOG.error("spending not taken up tenant={}: {} have some", part.getTenant(), mostTenants);
        return;
      }
      account = new Account();
      accounts.put(part.getTenant(), account);
    }
    NavigableMap<Instant, Map<Integer, TenantSpend>> periods =
        account.parts.computeIfAbsent(part.getPeriod(), any -> new TreeMap<>());
    periods
        .computeIfAbsent(part.getBeginsAt(), any -> new HashMap<>())
        .put(part.getPartition(), part);
    while (periods.size() > KEPT) {
      periods.pollFirstEntry();
    }
    Map<BudgetPeriod, Map<Instant, Spent>> sums = new HashMap<>(account.sums);
    Map<Instant, Spent> ofPeriod = new HashMap<>();
    periods.forEach(
        (begins, parts) -> {
          Spent sum = Spent.NOTHING;
          for (TenantSpend each : parts.values()) {
            sum = sum.plus(each);
          }
          ofPeriod.put(begins, sum);
        });
    sums.put(part.getPeriod(), ofPeriod);
    account.sums = sums;
    account.asOfMillis = Math.max(account.asOfMillis, part.getAt().toEpochMilli());
  }

  Spent spent(String tenant, BudgetPeriod period, Instant begins) {
    Account account = accounts.get(tenant);
    return account == null
        ? Spent.NOTHING
        : Optional.ofNullable(account.sums.get(period))
            .map(sums -> sums.get(begins))
            .orElse(Spent.NOTHING);
  }

  long asOfMillis(String tenant) {
    Account account = accounts.get(tenant);
    return account == null ? 0 : account.asOfMillis;
  }
}
