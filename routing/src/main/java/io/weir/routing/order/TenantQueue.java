package io.weir.routing.order;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One tenant's waiting requests of one class, the earliest deadline first. */
final class TenantQueue<T extends Orderable> {
  final String tenant;
  final double weight;

  /** Its place among tenants of equal service. */
  final long order;

  double served;

  private final PriorityQueue<T> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong(Orderable::deadlineNanos)
              .thenComparingLong(Orderable::enqueuedNanos));

  TenantQueue(String tenant, double weight, long order, double served) {
    this.tenant = tenant;
    this.weight = weight;
    this.order = order;
    this.served = served;
  }

  void add(T request) {
    waiting.add(request);
  }

  T peek() {
    return waiting.peek();
  }

  T poll() {
    return waiting.poll();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void removeIf(Predicate<T> test, Consumer<T> taken) {
    waiting.removeIf(
        request -> {
          boolean out = test.test(request);
          if (out) {
            taken.accept(request);
          }
          return out;
        });
  }
}
