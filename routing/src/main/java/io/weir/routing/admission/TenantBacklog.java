package io.weir.routing.admission;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What each tenant has waiting in one class, and the part of the class it may have: its weight
 * among those of all tenants with something waiting, its own included. Tenants are dropped when
 * nothing of theirs waits; a weight that changes counts from when they come next. Not safe for use
 * by several threads.
 */
final class TenantBacklog {
  private static final class Held {
    final double weight;
    double tokens;

    Held(double weight) {
      this.weight = weight;
    }
  }

  private final ToDoubleFunction<String> weights;
  private final int limit;
  private final Map<String, Held> tenants = new HashMap<>();
  private double weightSum;

  TenantBacklog(ToDoubleFunction<String> weights, int limit) {
    this.weights = weights;
    this.limit = limit;
  }

  double tokens(String tenant) {
    Held held = tenants.get(tenant);
    return held == null ? 0 : held.tokens;
  }

  double share(String tenant) {
    Held held = tenants.get(tenant);
    if (held != null) {
      // Alone means all of it, whatever the sum of many additions is.
      return tenants.size() == 1 ? 1 : held.weight / weightSum;
    }
    double own = weights.applyAsDouble(tenant);
    return own / (weightSum + own);
  }

  void add(String tenant, double costTokens) {
    Held held = tenants.get(tenant);
    if (held == null) {
      if (tenants.size() >= limit) {
        return;
      }
      held = new Held(weights.applyAsDouble(tenant));
      tenants.put(tenant, held);
      weightSum += held.weight;
    }
    held.tokens += costTokens;
  }

  void remove(String tenant, double costTokens) {
    Held held = tenants.get(tenant);
    if (held == null) {
      return;
    }
    held.tokens -= costTokens;
    if (held.tokens <= 1e-6) {
      tenants.remove(tenant);
      weightSum = tenants.isEmpty() ? 0 : weightSum - held.weight;
    }
  }
}
