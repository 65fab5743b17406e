package io.weir.dispatcher;

import io.weir.schemas.RequestClass;
import io.weir.schemas.TenantService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was served to each tenant in each class, of those served last. Others learn of it by the
 * growth of the totals. Not thread-safe.
 */
final class TenantTotals {
  private static final int REMEMBERED = 1024;

  /** How much of what was served before one telling still counts at the next. */
  private static final double KEPT = 0.9;

  private final Map<Key, Total> totals =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Total> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Key(String tenant, RequestClass requestClass) {}

  private static final class Total {
    double tokens;
    double recent;
  }

  /**
   * Something was served.
   *
   * @param tokens negative to take back what was estimated too high
   */
  void served(String tenant, RequestClass requestClass, double tokens) {
    Total total = totals.computeIfAbsent(new Key(tenant, requestClass), absent -> new Total());
    total.tokens += tokens;
    total.recent += tokens;
  }

  /** The totals of those that were served most of late. */
  List<TenantService> most(int limit) {
    List<Map.Entry<Key, Total>> all = new ArrayList<>(totals.entrySet());
    if (all.size() > limit) {
      all.sort(Comparator.comparingDouble((Map.Entry<Key, Total> each) -> -each.getValue().recent));
    }
    List<TenantService> most = new ArrayList<>(Math.min(limit, all.size()));
    for (Map.Entry<Key, Total> each : all) {
      if (most.size() < limit) {
        Key key = each.getKey();
        most.add(new TenantService(key.tenant(), key.requestClass(), each.getValue().tokens));
      }
      each.getValue().recent *= KEPT;
    }
    return most;
  }
}
