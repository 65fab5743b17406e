package io.weir.routing.replay;

import io.weir.routing.hash.Hashing;
import io.weir.routing.pick.Allotment;
import io.weir.routing.pick.EngineCost;
import io.weir.routing.pick.EngineView;
import io.weir.routing.pick.ExclusionReason;
import io.weir.routing.pick.InFlightEstimate;
import io.weir.routing.pick.SlowdownEstimate;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineWeight;
import java.util.Optional;

/**
 * What one dispatcher knows of one engine: the newest sample it got, its own requests there, what
 * it measured on them, and the plan. Nothing else.
 */
final class EngineSeen implements EngineView {
  /** Requests the profile's costs are first taken for; the plan's take their place. */
  private static final double FIRST_PROMPT = 512;

  private static final double FIRST_OUTPUT = 128;

  final int index;
  final ReplayEngine spec;
  final double roundTripMillis;
  private final long idHash;
  private final int dispatchers;
  private final int limit;
  private final int places;
  private final InFlightEstimate estimate = new InFlightEstimate();
  private final SlowdownEstimate slowdown = new SlowdownEstimate();
  private final TokenPace pace = new TokenPace();
  private final EngineCost catalogue;
  private EngineCost cost;
  private double weight = 1;
  private int own;
  private long pending;
  private double kvUsage;
  private int waiting;

  /**
   * @param dispatchers how many share the engine
   * @param limit most requests there from all of them
   */
  EngineSeen(int index, ReplayEngine spec, double roundTripMillis, int dispatchers, int limit) {
    this.index = index;
    this.spec = spec;
    this.roundTripMillis = roundTripMillis;
    this.idHash = Hashing.of(spec.id());
    this.dispatchers = dispatchers;
    this.limit = limit;
    this.places = Allotment.part(limit, 1.0 / dispatchers);
    this.catalogue =
        EngineCost.of(spec.profile(), FIRST_PROMPT, FIRST_OUTPUT)
            .withGeography(roundTripMillis * 1e-3);
    this.cost = catalogue;
  }

  @Override
  public String id() {
    return spec.id();
  }

  @Override
  public long idHash() {
    return idHash;
  }

  @Override
  public double weight() {
    return weight;
  }

  @Override
  public int inFlight() {
    return own;
  }

  /** A dispatcher may always use its part of the engine, and more while the engine has room. */
  @Override
  public int limit() {
    return Allotment.limit(places, own, inFlightEstimate(), limit);
  }

  @Override
  public Optional<ExclusionReason> exclusion() {
    return Optional.empty();
  }

  @Override
  public EngineCost cost() {
    return cost;
  }

  @Override
  public double inFlightEstimate() {
    return estimate.inFlight(dispatchers);
  }

  @Override
  public double pendingPromptTokens() {
    return pending * estimate.scale(dispatchers);
  }

  boolean full() {
    return own >= limit();
  }

  double kvUsage() {
    return kvUsage;
  }

  int waiting() {
    return waiting;
  }

  /** A share without a plan behind it. */
  void weigh(double newWeight) {
    weight = newWeight;
  }

  /** The plan's word on it. */
  void planned(EngineWeight plan, String version) {
    weight = plan.getWeight();
    cost = catalogue.planned(plan, version).withSlowdown(cost.slowdown());
  }

  void sampled(EngineSample sample) {
    waiting = sample.getWaiting().orElse(0);
    kvUsage = sample.getKvUsage().orElse(0.0);
    estimate.sample(sample.getRunning().orElse(0) + waiting, sample.getAt().toEpochMilli());
  }

  /** Holds what tokens came at against what the model expects at this load. */
  void measure(long now) {
    double millis = pace.millis(now);
    double expected = cost.modelTpotMillis(inFlightEstimate());
    if (!Double.isNaN(millis)) {
      slowdown.measured(millis, expected, VirtualTime.millis(now));
    }
    cost = cost.withSlowdown(slowdown.ratio(VirtualTime.millis(now)));
  }

  void dispatched(LiveRequest request, long now) {
    own++;
    pending += request.uncachedTokens;
    estimate.own(own, VirtualTime.millis(now));
  }

  void first(LiveRequest request) {
    pending -= request.uncachedTokens;
  }

  void next(long gapNanos, long now) {
    pace.token(gapNanos, now);
  }

  void finished(long now) {
    own--;
    estimate.own(own, VirtualTime.millis(now));
  }
}
