package io.weir.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** What an ingress counts and measures. */
final class IngressMetrics {
  /** From what an ingress adds itself to the longest generations. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
              300_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private record Outcome(Endpoint endpoint, RequestClass requestClass, String outcome) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ConcurrentHashMap<Outcome, Timer> requests = new ConcurrentHashMap<>();
  private final AtomicInteger running = registry.gauge("weir.ingress.running", new AtomicInteger());
  private final Timer produceAck =
      Timer.builder("weir.ingress.produce.ack")
          .description("From handing a request to the producer to the brokers' acknowledgement")
          .serviceLevelObjectives(BUCKETS)
          .register(registry);
  private final Counter produceFailures = registry.counter("weir.ingress.produce.failures");
  private final Counter lifecycleDrops = registry.counter("weir.ingress.lifecycle.drops");

  private final Counter repeats = registry.counter("weir.ingress.idempotency.repeats");

  PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Requests being answered. */
  AtomicInteger running() {
    return running;
  }

  void finished(Endpoint endpoint, RequestClass requestClass, String outcome, long nanos) {
    requests
        .computeIfAbsent(new Outcome(endpoint, requestClass, outcome), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Outcome outcome) {
    return Timer.builder("weir.ingress.requests")
        .description("Requests from their first byte to the last byte of the answer")
        .tag("path", outcome.endpoint().path())
        .tag("class", outcome.requestClass().name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome.outcome())
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  void produced(long nanos) {
    produceAck.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A request was answered with the answer of the first one with its key. */
  void repeated() {
    repeats.increment();
  }

  void produceFailed() {
    produceFailures.increment();
  }

  void lifecycleDropped() {
    lifecycleDrops.increment();
  }
}
