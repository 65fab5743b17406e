package io.weir.dispatcher;

import io.weir.dispatcher.http.EngineConnections;
import io.weir.routing.fleet.Engine;
import io.weir.routing.pick.EngineView;
import io.weir.routing.pick.ExclusionReason;
import io.weir.routing.pick.Hashing;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One engine as its pool sees it. What changes is guarded by the pool's lock. */
final class EngineSlots implements EngineView {
  private static final Optional<ExclusionReason> OUT = Optional.of(ExclusionReason.UNHEALTHY);

  private final Engine engine;
  private final EngineConnections connections;
  private final long idHash;
  // Atomic and volatile so that metrics can read them.
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean healthy;
  private volatile double rttSeconds = Double.NaN;

  EngineSlots(Engine engine, EngineConnections connections) {
    this.engine = engine;
    this.connections = connections;
    this.idHash = Hashing.of(engine.id());
  }

  Engine engine() {
    return engine;
  }

  EngineConnections connections() {
    return connections;
  }

  void take() {
    inFlight.incrementAndGet();
  }

  void free() {
    inFlight.decrementAndGet();
  }

  void healthy(boolean now) {
    healthy = now;
  }

  boolean isHealthy() {
    return healthy;
  }

  /** Time from a probe to its answer, in seconds; NaN before the first. */
  double rttSeconds() {
    return rttSeconds;
  }

  void rttSeconds(double seconds) {
    rttSeconds = seconds;
  }

  boolean hasRoom() {
    return healthy && inFlight.get() < engine.maxInFlight();
  }

  @Override
  public String id() {
    return engine.id();
  }

  @Override
  public long idHash() {
    return idHash;
  }

  @Override
  public double weight() {
    return engine.weight();
  }

  @Override
  public int inFlight() {
    return inFlight.get();
  }

  @Override
  public int limit() {
    return engine.maxInFlight();
  }

  @Override
  public Optional<ExclusionReason> exclusion() {
    return healthy ? Optional.empty() : OUT;
  }
}
