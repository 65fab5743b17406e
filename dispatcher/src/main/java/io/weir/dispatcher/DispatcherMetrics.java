package io.weir.dispatcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.weir.dispatcher.answer.AnswerPublisher;
import io.weir.routing.hash.TenantBuckets;
import io.weir.routing.order.DropReason;
import io.weir.routing.pick.TableVerdict;
import io.weir.routing.pick.WeightTable;
import io.weir.routing.retry.RetryPolicy;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/** What a dispatcher counts. Labels are engines, pools, classes and reasons: all bounded. */
final class DispatcherMetrics implements AnswerPublisher.PublishListener {
  private final MeterRegistry registry;
  private final Counter chunks;
  private final Counter bytes;
  private final Counter brokenAnswers;
  private final Counter lifecycleFailures;
  private final Counter poison;
  private final Counter fenced;
  private final Counter givenBack;
  private final Timer claims;
  private final Map<String, Counter> dispatched = new ConcurrentHashMap<>();
  private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();
  private final Map<String, Timer> firstBytes = new ConcurrentHashMap<>();
  private final Map<String, Timer> engineTimes = new ConcurrentHashMap<>();
  private final Map<EngineSlots, List<Meter>> engineGauges = new ConcurrentHashMap<>();

  DispatcherMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.chunks = registry.counter("weir.dispatcher.chunks");
    this.bytes = registry.counter("weir.dispatcher.answer.bytes");
    this.brokenAnswers = registry.counter("weir.dispatcher.answers.broken");
    this.lifecycleFailures = registry.counter("weir.dispatcher.lifecycle.failures");
    this.poison = registry.counter("weir.dispatcher.poison.records");
    this.fenced = registry.counter("weir.dispatcher.fenced");
    this.givenBack = registry.counter("weir.dispatcher.given.back");
    this.claims =
        Timer.builder("weir.dispatcher.claim")
            .serviceLevelObjectives(
                Duration.ofMillis(2),
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(250),
                Duration.ofSeconds(1))
            .register(registry);
  }

  @Override
  public void chunk(int size) {
    chunks.increment();
    bytes.increment(size);
  }

  @Override
  public void broken() {
    brokenAnswers.increment();
  }

  void lifecycleFailed() {
    lifecycleFailures.increment();
  }

  void poisonRecord() {
    poison.increment();
  }

  /** The lease lapsed: all that was taken is void. */
  void fenced() {
    fenced.increment();
  }

  /** Requests that are left to the controllers as the dispatcher stops. */
  void givenBack(int count) {
    givenBack.increment(count);
  }

  void requeue(Requeues.Outcome outcome) {
    registry
        .counter("weir.dispatcher.requeues", "outcome", outcome.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** A claim was acknowledged so long after it was made. */
  void claimed(long nanos) {
    claims.record(nanos, TimeUnit.NANOSECONDS);
  }

  void watch(Cancellations cancellations) {
    Gauge.builder("weir.dispatcher.cancellations", cancellations, Cancellations::size)
        .register(registry);
  }

  void dispatched(String engine) {
    dispatched
        .computeIfAbsent(engine, id -> registry.counter("weir.dispatcher.dispatched", "engine", id))
        .increment();
  }

  /**
   * A request ended.
   *
   * @param reason the failure's word, or {@code ok}
   */
  void outcome(String reason) {
    outcomes
        .computeIfAbsent(
            reason, word -> registry.counter("weir.dispatcher.outcomes", "reason", word))
        .increment();
  }

  /** A request was dropped before any engine had it. */
  void dropped(RequestClass requestClass, String tenant, DropReason reason) {
    registry
        .counter(
            "weir.dispatcher.dropped",
            "class",
            requestClass.name().toLowerCase(Locale.ROOT),
            "tenant_bucket",
            TenantBuckets.of(tenant),
            "reason",
            reason.label())
        .increment();
  }

  /** A request gave up its place on an engine for priority. */
  void preempted(RequestClass requestClass) {
    registry
        .counter("weir.dispatcher.preempted", "class", requestClass.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** A request is tried again. */
  void retried(String reason) {
    registry.counter("weir.dispatcher.retries", "reason", reason).increment();
  }

  /** A failed request is not tried again. */
  void gaveUp(RetryPolicy.Cause cause) {
    registry
        .counter("weir.dispatcher.retries.refused", "cause", cause.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** Another engine goes on with a stream that broke off. */
  void continued() {
    registry.counter("weir.dispatcher.continued").increment();
  }

  /** A second engine is asked for a late answer. */
  void hedged() {
    registry.counter("weir.dispatcher.hedges").increment();
  }

  /** The second engine's answer came first. */
  void hedgeWon() {
    registry.counter("weir.dispatcher.hedges.won").increment();
  }

  void tableApplied(String pool) {
    registry.counter("weir.dispatcher.weights.applied", "pool", pool).increment();
  }

  void tableRefused(String pool, TableVerdict.Reason reason) {
    registry
        .counter(
            "weir.dispatcher.weights.refused",
            "pool",
            pool,
            "reason",
            reason.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  void firstByte(String engine, long micros) {
    timer(firstBytes, "weir.dispatcher.first.byte", engine).record(micros, TimeUnit.MICROSECONDS);
  }

  void engineTime(String engine, long micros) {
    timer(engineTimes, "weir.dispatcher.engine.time", engine).record(micros, TimeUnit.MICROSECONDS);
  }

  private Timer timer(Map<String, Timer> timers, String name, String engine) {
    return timers.computeIfAbsent(
        engine,
        id ->
            Timer.builder(name)
                .tag("engine", id)
                .serviceLevelObjectives(
                    Duration.ofMillis(10),
                    Duration.ofMillis(50),
                    Duration.ofMillis(100),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30))
                .register(registry));
  }

  /** Shows an engine's state until it is removed. */
  void watch(EngineSlots engine) {
    engineGauges.put(
        engine,
        List.of(
            gauge("weir.dispatcher.in.flight", engine, EngineSlots::inFlight),
            gauge("weir.dispatcher.engine.healthy", engine, slots -> slots.isHealthy() ? 1 : 0),
            gauge("weir.dispatcher.engine.ejected", engine, slots -> slots.isEjected() ? 1 : 0),
            gauge("weir.dispatcher.engine.weight", engine, EngineSlots::weight),
            gauge("weir.dispatcher.engine.places", engine, slots -> slots.standing().places()),
            gauge("weir.dispatcher.engine.limit", engine, slots -> slots.standing().limit()),
            gauge(
                "weir.dispatcher.engine.slowdown",
                engine,
                slots -> slots.standing().cost().slowdown()),
            gauge(
                "weir.dispatcher.engine.draining",
                engine,
                slots -> slots.terms().draining() ? 1 : 0),
            Gauge.builder("weir.dispatcher.engine.rtt", engine, slots -> slots.rtt().seconds())
                .baseUnit("seconds")
                .tag("engine", engine.id())
                .register(registry)));
  }

  /** Forgets an engine and its counts. */
  void forget(EngineSlots engine) {
    List<Meter> gauges = engineGauges.remove(engine);
    if (gauges != null) {
      gauges.forEach(registry::remove);
    }
    forget(dispatched, engine.id());
    forget(firstBytes, engine.id());
    forget(engineTimes, engine.id());
  }

  private void forget(Map<String, ? extends Meter> meters, String engine) {
    Meter meter = meters.remove(engine);
    if (meter != null) {
      registry.remove(meter);
    }
  }

  private Gauge gauge(String name, EngineSlots engine, ToDoubleFunction<EngineSlots> value) {
    return Gauge.builder(name, engine, value).tag("engine", engine.id()).register(registry);
  }

  /** Shows what waits in a pool, and which weights it goes by. */
  void watch(PoolDesk desk) {
    weights(desk, "weir.dispatcher.weights.stale", weights -> weights.isStale() ? 1 : 0);
    weights(
        desk,
        "weir.dispatcher.weights.version",
        weights -> weights.table().map(WeightTable::version).orElse(0L));
    weights(
        desk,
        "weir.dispatcher.weights.epoch",
        weights -> weights.table().map(WeightTable::epoch).orElse(0L));
    Gauge.builder(
            "weir.dispatcher.weights.age",
            desk.weights(),
            weights -> weights.table().isPresent() ? weights.ageMillis() / 1e3 : Double.NaN)
        .baseUnit("seconds")
        .tag("pool", desk.pool())
        .register(registry);
    Gauge.builder("weir.dispatcher.retry.budget", desk, PoolDesk::retryBudget)
        .tag("pool", desk.pool())
        .register(registry);
    Gauge.builder("weir.dispatcher.drain", desk, PoolDesk::drainPerSecond)
        .baseUnit("tokens")
        .tag("pool", desk.pool())
        .register(registry);
    Gauge.builder("weir.dispatcher.brown.out", desk, pool -> pool.rung().depth())
        .tag("pool", desk.pool())
        .register(registry);
    for (RequestClass requestClass : RequestClass.values()) {
      Gauge.builder("weir.dispatcher.ready", desk, pool -> pool.waiting(requestClass))
          .tag("pool", desk.pool())
          .tag("class", requestClass.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private void weights(PoolDesk desk, String name, ToDoubleFunction<PoolWeights> value) {
    Gauge.builder(name, desk.weights(), value).tag("pool", desk.pool()).register(registry);
  }

  void watchPausedLanes(IntSupplier paused) {
    Gauge.builder("weir.dispatcher.lanes.paused", paused, IntSupplier::getAsInt)
        .strongReference(true)
        .register(registry);
  }
}
