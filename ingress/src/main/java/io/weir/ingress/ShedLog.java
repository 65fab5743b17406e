package io.weir.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.weir.routing.admission.ShedReason;
import io.weir.routing.hash.TenantBuckets;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RequestClass;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells the lifecycle and the metrics of requests that were turned away. A flood of them must not
 * be a flood of events: of those beyond {@value #EVENTS} a second only the last of each pool, class
 * and reason is told, with how many others it stands for.
 */
final class ShedLog {
  private static final int EVENTS = 100;
  private static final long SECOND = 1_000_000_000;

  private record Kind(String pool, RequestClass requestClass, ShedReason reason) {}

  private record Count(RequestClass requestClass, ShedReason reason, String tenantBucket) {}

  /** The last one of its kind that was not told, and how many were before it. */
  private record Untold(ShedRequest last, long others) {}

  private final String member;
  private final Consumer<LifecycleEvent> events;
  private final LongSupplier nanos;
  private final MeterRegistry metrics;
  private final Map<Count, Counter> counters = new ConcurrentHashMap<>();
  // Pools × classes × reasons at most; guarded by this.
  private final Map<Kind, Untold> untold = new HashMap<>();
  private long second;
  private int told;

  /**
   * @param member who turns them away
   * @param events takes what the lifecycle is told; must not wait
   * @param nanos monotonic
   */
  ShedLog(
      String member, Consumer<LifecycleEvent> events, LongSupplier nanos, MeterRegistry metrics) {
    this.member = member;
    this.events = events;
    this.nanos = nanos;
    this.metrics = metrics;
    this.second = nanos.getAsLong();
  }

  /** A request was turned away. */
  void shed(ShedRequest request) {
    String bucket = TenantBuckets.of(request.tenant());
    counters
        .computeIfAbsent(
            new Count(request.requestClass(), request.shed().reason(), bucket), this::counter)
        .increment();
    synchronized (this) {
      flush();
      if (told < EVENTS) {
        told++;
        events.accept(request.event(member, 0));
      } else {
        untold.merge(
            new Kind(request.pool(), request.requestClass(), request.shed().reason()),
            new Untold(request, 0),
            (before, last) -> new Untold(last.last(), before.others() + 1));
      }
    }
  }

  private Counter counter(Count count) {
    return metrics.counter(
        "weir.ingress.shed",
        "class",
        count.requestClass().name().toLowerCase(Locale.ROOT),
        "tenant_bucket",
        count.tenantBucket(),
        "reason",
        count.reason().label());
  }

  /** Tells what was not told in a second that is over; to be called now and then. */
  synchronized void flush() {
    long now = nanos.getAsLong();
    if (now - second < SECOND) {
      return;
    }
    second = now;
    told = untold.size();
    untold.values().forEach(each -> events.accept(each.last().event(member, each.others())));
    untold.clear();
  }
}
