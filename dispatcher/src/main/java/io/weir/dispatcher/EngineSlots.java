package io.weir.dispatcher;

import io.weir.dispatcher.http.EngineConnections;
import io.weir.routing.pick.EngineView;
import io.weir.routing.pick.ExclusionReason;
import io.weir.routing.pick.Hashing;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One engine as its pool sees it. What changes is guarded by the pool's lock. */
final class EngineSlots implements EngineView {
  private static final Optional<ExclusionReason> UNHEALTHY = Optional.of(ExclusionReason.UNHEALTHY);
  private static final Optional<ExclusionReason> DRAINING = Optional.of(ExclusionReason.DRAINING);

  private final EngineConnections connections;
  private final long idHash;
  private final RttEstimate rtt = new RttEstimate();
  private final TpotMeter tpot = new TpotMeter();
  // Atomic and volatile so that metrics and calls can read them.
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile EngineTerms terms;
  private volatile boolean healthy;

  EngineSlots(EngineTerms terms, EngineConnections connections) {
    this.terms = terms;
    this.connections = connections;
    this.idHash = Hashing.of(terms.id());
  }

  EngineTerms terms() {
    return terms;
  }

  void terms(EngineTerms now) {
    terms = now;
  }

  EngineConnections connections() {
    return connections;
  }

  /** Time from a probe to its answer. */
  RttEstimate rtt() {
    return rtt;
  }

  /** Time per output token of the streams from here. */
  TpotMeter tpot() {
    return tpot;
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

  boolean hasRoom() {
    return healthy && !terms.draining() && inFlight.get() < limit();
  }

  @Override
  public String id() {
    return terms.id();
  }

  @Override
  public long idHash() {
    return idHash;
  }

  @Override
  public double weight() {
    return terms.weight();
  }

  @Override
  public int inFlight() {
    return inFlight.get();
  }

  @Override
  public int limit() {
    return terms.maxInFlight();
  }

  @Override
  public Optional<ExclusionReason> exclusion() {
    if (!healthy) {
      return UNHEALTHY;
    }
    return terms.draining() ? DRAINING : Optional.empty();
  }
}
