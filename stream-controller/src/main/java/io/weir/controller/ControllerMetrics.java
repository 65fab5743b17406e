package io.weir.controller;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.controller.batches.BatchRunner;
import io.weir.controller.telemetry.ScrapeListener;
import io.weir.controller.telemetry.SeenSample;
import io.weir.routing.batch.BatchSteps;
import io.weir.routing.request.RecoveryVerdict;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.RequestState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What a controller counts. Labels are engines, outcomes and roles: all bounded. */
final class ControllerMetrics implements ScrapeListener, AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Timer> looks = new ConcurrentHashMap<>();
  private final Counter lost = registry.counter("weir.controller.samples.lost");
  private final Counter published = registry.counter("weir.controller.fleet.records");
  private final Counter refused = registry.counter("weir.controller.fleet.failures");
  private final MultiGauge up = gauges("weir.controller.engine.up");
  private final MultiGauge running = gauges("weir.controller.engine.running");
  private final MultiGauge waiting = gauges("weir.controller.engine.waiting");
  private final MultiGauge kvUsage = gauges("weir.controller.engine.kv.usage");
  private final MultiGauge age = gauges("weir.controller.engine.sample.age.seconds");

  private MultiGauge gauges(String name) {
    return MultiGauge.builder(name).register(registry);
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  @Override
  public void looked(String outcome, Duration took) {
    looks
        .computeIfAbsent(
            outcome,
            word -> Timer.builder("weir.controller.scrape").tag("outcome", word).register(registry))
        .record(took);
  }

  @Override
  public void lost() {
    lost.increment();
  }

  void fleetPublished(int records) {
    published.increment(records);
  }

  void fleetNotPublished() {
    refused.increment();
  }

  /** Something was decided about a request that nobody works on any more. */
  void recovered(RequestState state, RecoveryVerdict verdict) {
    registry
        .counter(
            "weir.controller.recoveries",
            "pool",
            state.getPool(),
            "verdict",
            verdict.getClass().getSimpleName().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** A result was tried to be posted. */
  void callback(String outcome) {
    registry.counter("weir.controller.callbacks", "outcome", outcome).increment();
  }

  /** A number that is asked for at every scrape of this controller. */
  <T> void watch(String name, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value).strongReference(true).register(registry);
  }

  /** The batches that this controller runs, and their lines. */
  void watch(BatchRunner batches) {
    for (BatchStatus status : BatchStatus.values()) {
      if (!BatchSteps.isOver(status)) {
        Gauge.builder("weir.controller.batches", batches, each -> each.running(status))
            .tag("status", status.name().toLowerCase(Locale.ROOT))
            .strongReference(true)
            .register(registry);
      }
    }
    FunctionCounter.builder("weir.controller.batch.lines", batches, BatchRunner::lines)
        .register(registry);
  }

  /** The engines there are now, and no others. */
  void watchEngines(Collection<String> ids, Function<String, Optional<SeenSample>> samples) {
    rows(up, ids, samples, seen -> Optional.of(seen.sample().getUp() ? 1 : 0));
    rows(running, ids, samples, seen -> seen.sample().getRunning());
    rows(waiting, ids, samples, seen -> seen.sample().getWaiting());
    rows(kvUsage, ids, samples, seen -> seen.sample().getKvUsage());
    rows(age, ids, samples, seen -> Optional.of(seen.age().toMillis() / 1000.0));
  }

  private static void rows(
      MultiGauge gauge,
      Collection<String> ids,
      Function<String, Optional<SeenSample>> samples,
      Function<SeenSample, Optional<? extends Number>> value) {
    List<Row<?>> rows = new ArrayList<>();
    for (String id : ids) {
      rows.add(
          Row.of(
              Tags.of("engine", id),
              () ->
                  samples
                      .apply(id)
                      .flatMap(value)
                      .map(Number::doubleValue)
                      // No signal is not the same as none running.
                      .orElse(Double.NaN)));
    }
    gauge.register(rows, true);
  }

  @Override
  public void close() {
    registry.close();
  }
}
