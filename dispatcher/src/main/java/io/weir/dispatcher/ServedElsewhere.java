package io.weir.dispatcher;

import io.weir.schemas.Member;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TenantService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the other dispatchers of a source have served of one pool since the last look, by the growth
 * of the totals in their heartbeats. A total that was not there before counts from now on: nobody
 * knows since when it grew.
 */
final class ServedElsewhere {
  private Map<Key, Double> before = Map.of();

  private record Key(String member, long epoch, String tenant, RequestClass requestClass) {}

  /**
   * What is new.
   *
   * @param others dispatchers of the same source, without this one
   * @return with the tokens of each since the last look
   */
  List<TenantService> news(List<Member> others, String pool) {
    Map<Key, Double> now = new HashMap<>();
    List<TenantService> news = new ArrayList<>();
    for (Member other : others) {
      for (PoolLoad load : other.getPools()) {
        if (load.getPool().equals(pool)) {
          compare(other, load, now, news);
        }
      }
    }
    before = now;
    return news;
  }

  private void compare(
      Member other, PoolLoad load, Map<Key, Double> now, List<TenantService> news) {
    for (TenantService each : load.getTenants()) {
      Key key = new Key(other.getId(), other.getEpoch(), each.getTenant(), each.getRequestClass());
      now.put(key, each.getTokens());
      Double known = before.get(key);
      if (known != null && known != each.getTokens()) {
        news.add(
            new TenantService(each.getTenant(), each.getRequestClass(), each.getTokens() - known));
      }
    }
  }
}
