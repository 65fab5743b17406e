package io.weir.routing.admission;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What each tenant has waiting in one class, and the part of the class it may have: its weight
 * among those of all tenants with something waiting, its own included. Tenants are dropped when
 * nothing of theirs waits. Not safe for use by several threads.
 */
final class TenantBacklog {
  private final ToDoubleFunction<String> weights;
  private final int limit;
  private final Map<String, Double> tokens = new HashMap<>();
  private double weightSum;

  TenantBacklog(ToDoubleFunction<String> weights, int limit) {
    this.weights = weights;
    this.limit = limit;
  }

  double tokens(String tenant) {
    return tokens.getOrDefault(tenant, 0.0);
  }

  double share(String tenant) {
    double own = weights.applyAsDouble(tenant);
    return own / (tokens.containsKey(tenant) ? weightSum : weightSum + own);
  }

  void add(String tenant, double costTokens) {
    if (!tokens.containsKey(tenant)) {
      if (tokens.size() >= limit) {
        return;
      }
      weightSum += weights.applyAsDouble(tenant);
    }
    tokens.merge(tenant, costTokens, Double::sum);
  }

  void remove(String tenant, double costTokens) {
    Double waiting = tokens.get(tenant);
    if (waiting == null) {
      return;
    }
    if (waiting - costTokens > 1e-6) {
      tokens.put(tenant, waiting - costTokens);
      return;
    }
    tokens.remove(tenant);
    weightSum = tokens.isEmpty() ? 0 : weightSum - weights.applyAsDouble(tenant);
  }
}
