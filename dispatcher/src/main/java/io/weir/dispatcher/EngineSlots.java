package io.weir.dispatcher;

import io.weir.dispatcher.http.EngineConnections;
import io.weir.routing.hash.Hashing;
import io.weir.routing.pick.Allotment;
import io.weir.routing.pick.EngineCost;
import io.weir.routing.pick.EngineView;
import io.weir.routing.pick.ExclusionReason;
import io.weir.routing.pick.InFlightEstimate;
import io.weir.routing.pick.SlowdownEstimate;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** One engine as its pool sees it. What changes is guarded by the pool's lock. */
final class EngineSlots implements EngineView {
  private static final Optional<ExclusionReason> UNHEALTHY = Optional.of(ExclusionReason.UNHEALTHY);
  private static final Optional<ExclusionReason> DRAINING = Optional.of(ExclusionReason.DRAINING);
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final EngineConnections connections;
  private final LongSupplier nanoClock;
  private final long idHash;
  private final RttEstimate rtt = new RttEstimate();
  private final TpotMeter tpot = new TpotMeter();
  private final PromptBacklog backlog = new PromptBacklog();
  private final SlowdownEstimate slowdown = new SlowdownEstimate();
  private final EngineTelemetry telemetry = new EngineTelemetry();
  private final InFlightEstimate estimate = new InFlightEstimate();
  // Atomic and volatile so that metrics and calls can read them.
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile EngineTerms terms;
  private volatile boolean healthy;
  private volatile EngineStanding standing;

  /**
   * An engine nobody has spoken to yet.
   *
   * @param nanoClock monotonic; samples are told of by the same clock, in milliseconds
   */
  EngineSlots(EngineTerms terms, EngineConnections connections, LongSupplier nanoClock) {
    this.terms = terms;
    this.connections = connections;
    this.nanoClock = nanoClock;
    this.idHash = Hashing.of(terms.id());
    this.standing = EngineStanding.alone(terms);
  }

  EngineTerms terms() {
    return terms;
  }

  void terms(EngineTerms now) {
    terms = now;
    connections.keepIdle(now.maxInFlight());
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

  /** Prompt tokens sent here and not computed yet. */
  PromptBacklog backlog() {
    return backlog;
  }

  /** What it says about itself. */
  EngineTelemetry telemetry() {
    return telemetry;
  }

  /** Its weight, cost and places, as they are until something about them changes. */
  EngineStanding standing() {
    return standing;
  }

  void standing(EngineStanding now) {
    standing = now;
  }

  void take() {
    estimate.own(inFlight.incrementAndGet(), millis());
  }

  void free() {
    estimate.own(inFlight.decrementAndGet(), millis());
  }

  /**
   * Takes in what the engine said of itself.
   *
   * @param requests running and waiting there
   * @param ageMillis how long ago that was
   */
  void sampled(int requests, long ageMillis) {
    estimate.sample(requests, millis() - ageMillis);
  }

  /** What the engine last said is too old to tell anything. */
  void unsampled() {
    estimate.forget();
  }

  /**
   * How many times slower it is than expected; what was seen is forgotten over time.
   *
   * @param tpotMillis measured just now; not positive or NaN if nothing was
   * @param modelMillis expected at the load of now
   */
  double slowdown(double tpotMillis, double modelMillis) {
    if (tpotMillis > 0) {
      slowdown.measured(tpotMillis, modelMillis, millis());
    }
    return slowdown.ratio(millis());
  }

  void healthy(boolean now) {
    healthy = now;
  }

  boolean isHealthy() {
    return healthy;
  }

  /** True if the engine may be used as far as this dispatcher knows, whatever its load. */
  boolean isEligible() {
    return healthy && !terms.draining();
  }

  boolean hasRoom() {
    return isEligible() && weight() > 0 && inFlight.get() < limit();
  }

  private long millis() {
    return nanoClock.getAsLong() / NANOS_PER_MILLI;
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
    return standing.weight();
  }

  @Override
  public int inFlight() {
    return inFlight.get();
  }

  @Override
  public int limit() {
    return Allotment.limit(
        standing.places(), inFlight.get(), inFlightEstimate(), terms.maxInFlight());
  }

  @Override
  public Optional<ExclusionReason> exclusion() {
    if (!healthy) {
      return UNHEALTHY;
    }
    return terms.draining() ? DRAINING : Optional.empty();
  }

  @Override
  public EngineCost cost() {
    return standing.cost();
  }

  @Override
  public double inFlightEstimate() {
    return estimate.inFlight(standing.dispatchers());
  }

  @Override
  public double pendingPromptTokens() {
    return backlog.tokens(nanoClock.getAsLong()) * estimate.scale(standing.dispatchers());
  }
}
