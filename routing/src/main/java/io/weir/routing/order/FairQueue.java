package io.weir.routing.order;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The waiting requests of one class, fair between tenants: next is the one with the lowest virtual
 * token counter, which grows by the tokens served divided by the tenant's weight. A tenant that had
 * nothing waiting is lifted to the lowest counter of those that had, so that nobody saves up
 * service by staying away (VTC: Sheng et al., Fairness in Serving Large Language Models, OSDI
 * 2024). Of two tenants that both have requests waiting all the time, what each is served divided
 * by its weight differs by at most twice the dearest request's.
 *
 * <p>Counters of tenants without waiting requests are kept while they are above the lowest, for as
 * many as were served last; for the rest lifting says the same.
 *
 * @param <T> the caller's request
 */
final class FairQueue<T extends Orderable> {
  private static final int REMEMBERED = 4096;

  private final ToDoubleFunction<String> weights;
  private final Map<String, TenantQueue<T>> waiting = new HashMap<>();
  private final TreeSet<TenantQueue<T>> byService =
      new TreeSet<>(
          Comparator.comparingDouble((TenantQueue<T> tenant) -> tenant.served)
              .thenComparingLong(tenant -> tenant.order));
  private final Map<String, Double> away =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
          return size() > REMEMBERED;
        }
      };
  private double lowest;
  private long order;
  private int size;
  private double tokens;

  FairQueue(ToDoubleFunction<String> weights) {
    this.weights = weights;
  }

  void add(T request) {
    TenantQueue<T> tenant = waiting.get(request.tenant());
    if (tenant == null) {
      tenant = enter(request.tenant());
    }
    tenant.add(request);
    size++;
    tokens += request.costTokens();
  }

  /** What is next. The queue must not be empty. */
  T peek() {
    return byService.first().peek();
  }

  /** Takes out what {@link #peek} showed; nothing is charged for it. */
  T poll() {
    TenantQueue<T> tenant = byService.first();
    T request = tenant.poll();
    forget(request);
    if (tenant.isEmpty()) {
      leave(tenant);
    }
    return request;
  }

  /**
   * Charges a tenant for service, here or elsewhere.
   *
   * @param servedTokens negative to give back
   */
  void charge(String tenant, double servedTokens) {
    double service = servedTokens / weights.applyAsDouble(tenant);
    TenantQueue<T> present = waiting.get(tenant);
    if (present == null) {
      away.merge(tenant, lowest + service, (known, fresh) -> Math.max(known, lowest) + service);
      return;
    }
    byService.remove(present);
    present.served += service;
    byService.add(present);
    lowest = Math.max(lowest, byService.first().served);
  }

  /**
   * Charges a tenant for a request that did not have to wait. Where nothing waits nobody falls
   * behind, and so nobody earns anything by asking for little: the tenant is lifted as if it had
   * waited.
   */
  void passed(String tenant, double servedTokens) {
    if (!waiting.isEmpty()) {
      charge(tenant, servedTokens);
      return;
    }
    Double known = away.get(tenant);
    lowest = known == null ? lowest : Math.max(lowest, known);
    away.put(tenant, lowest + servedTokens / weights.applyAsDouble(tenant));
  }

  /** True if a tenant has something waiting. */
  boolean isWaiting(String tenant) {
    return waiting.containsKey(tenant);
  }

  void removeIf(Predicate<T> test, Consumer<T> taken) {
    List<TenantQueue<T>> emptied = new ArrayList<>();
    for (TenantQueue<T> tenant : waiting.values()) {
      tenant.removeIf(
          test,
          request -> {
            forget(request);
            taken.accept(request);
          });
      if (tenant.isEmpty()) {
        emptied.add(tenant);
      }
    }
    emptied.forEach(this::leave);
  }

  /** When the one of the tenants' next requests that has waited longest began to wait. */
  long oldest() {
    long oldest = Long.MAX_VALUE;
    for (TenantQueue<T> tenant : byService) {
      oldest = Math.min(oldest, tenant.peek().enqueuedNanos());
    }
    return oldest;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The cost of all that waits. */
  double tokens() {
    return size == 0 ? 0 : tokens;
  }

  private TenantQueue<T> enter(String name) {
    if (!byService.isEmpty()) {
      lowest = Math.max(lowest, byService.first().served);
    }
    Double known = away.remove(name);
    TenantQueue<T> tenant =
        new TenantQueue<>(
            name,
            weights.applyAsDouble(name),
            order++,
            known == null ? lowest : Math.max(known, lowest));
    waiting.put(name, tenant);
    byService.add(tenant);
    return tenant;
  }

  private void leave(TenantQueue<T> tenant) {
    byService.remove(tenant);
    waiting.remove(tenant.tenant);
    away.put(tenant.tenant, tenant.served);
  }

  private void forget(T request) {
    size--;
    tokens -= request.costTokens();
  }
}
