package io.weir.dispatcher;

import io.weir.dispatcher.http.EngineConnections;
import io.weir.routing.hash.Hashing;
import io.weir.routing.pick.Allotment;
import io.weir.routing.pick.EngineCost;
import io.weir.routing.pick.EngineView;
import io.weir.routing.pick.ExclusionReason;
import io.weir.routing.pick.InFlightEstimate;
import io.weir.routing.pick.SlowdownEstimate;
import io.weir.routing.retry.OutlierPolicy;
import io.weir.routing.retry.OutlierState;
import io.weir.routing.retry.RecentTimes;
import io.weir.schemas.InferenceRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** One engine as its pool sees it. What changes is guarded by the pool's lock. */
final class EngineSlots implements EngineView {
  private static final Optional<ExclusionReason> UNHEALTHY = Optional.of(ExclusionReason.UNHEALTHY);
  private static final Optional<ExclusionReason> DRAINING = Optional.of(ExclusionReason.DRAINING);
  private static final Optional<ExclusionReason> EJECTED = Optional.of(ExclusionReason.EJECTED);
  private static final Optional<ExclusionReason> PAUSED = Optional.of(ExclusionReason.PAUSED);
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Weight of one more prompt in the mean. */
  private static final double PROMPT_GAIN = 0.1;

  /** First tokens that its speed is judged by. */
  private static final int FIRST_TOKENS = 20;

  private final EngineConnections connections;
  private final LongSupplier nanoClock;
  private final long idHash;
  private final RttEstimate rtt = new RttEstimate();
  private final TpotMeter tpot = new TpotMeter();
  private final PromptBacklog backlog = new PromptBacklog();
  private final PrefillClock wholePrefill = new PrefillClock();
  private final SlowdownEstimate slowdown = new SlowdownEstimate();
  private final EngineTelemetry telemetry = new EngineTelemetry();
  private final InFlightEstimate estimate = new InFlightEstimate();
  private final RecentTimes firstTokens = new RecentTimes(FIRST_TOKENS);
  // Atomic and volatile so that metrics and calls can read them.
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile EngineTerms terms;
  private volatile boolean healthy;
  private volatile EngineStanding standing;
  private volatile OutlierState outlier = OutlierState.fresh();
  private volatile long pauseBegan;
  private volatile long pauseNanos;
  private Optional<ExclusionReason> avoided = Optional.empty();
  private boolean closed;
  private int peak;
  // Of a prompt that is half computed all tokens are pending.
  private double meanPrompt;

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
    outlier = outlier.sent(nanoClock.getAsLong());
    int now = inFlight.incrementAndGet();
    peak = Math.max(peak, now);
    estimate.own(now, millis());
  }

  /** A request goes there, of whose prompt so many tokens are to be computed. */
  void sent(InferenceRequest request, int tokens) {
    long now = nanoClock.getAsLong();
    meanPrompt += PROMPT_GAIN * (tokens - meanPrompt);
    if (request.getStream()) {
      backlog.sentStream(tokens);
    } else {
      backlog.sentWhole(tokens, now);
      wholePrefill.sent(tokens, nanosPerPromptToken(), now);
    }
  }

  private double nanosPerPromptToken() {
    EngineCost cost = standing.cost();
    return 1e6 * cost.gammaMillis() * cost.slowdown();
  }

  /** The most requests of this dispatcher there since it was last asked. */
  int takePeak() {
    int most = peak;
    peak = inFlight.get();
    return most;
  }

  void free() {
    estimate.own(inFlight.decrementAndGet(), millis());
  }

  /**
   * Takes in what became of a request there.
   *
   * @param room whether one more engine of the pool may be left alone
   */
  void ended(Ending ending, OutlierPolicy policy, OutlierState.Room room) {
    long now = nanoClock.getAsLong();
    outlier =
        switch (ending.verdict()) {
          case GOOD -> outlier.succeeded(now);
          case BAD -> outlier.failed(policy, room, now);
          case UNKNOWN -> outlier.inconclusive(now);
        };
    if (ending.pause().toNanos() > pauseLeft(now)) {
      pauseBegan = now;
      pauseNanos = ending.pause().toNanos();
    }
  }

  /** A stream's first token came so long after it was asked for. */
  void firstToken(double tokenMillis) {
    firstTokens.add(tokenMillis);
    outlier = outlier.succeeded(nanoClock.getAsLong());
  }

  /** Times to first token, in milliseconds, since it was last left alone. */
  RecentTimes firstTokens() {
    return firstTokens;
  }

  /** It is far slower than its pool. */
  void slow(OutlierPolicy policy, OutlierState.Room room) {
    outlier = outlier.slow(policy, room, nanoClock.getAsLong());
    if (isEjected()) {
      firstTokens.clear();
    }
  }

  /** True while failures or slowness keep it out of use, its one probe included. */
  boolean isEjected() {
    return outlier.ejected();
  }

  /** How long it still wants to be left alone. */
  Duration pause() {
    return Duration.ofNanos(pauseLeft(nanoClock.getAsLong()));
  }

  private long pauseLeft(long now) {
    return Math.max(0, pauseNanos - (now - pauseBegan));
  }

  /** While one engine is chosen: why it should not be this one. */
  void avoid(Optional<ExclusionReason> why) {
    avoided = why;
  }

  /** True if it may be used again since the last time it was asked, without anything happening. */
  boolean reopened() {
    boolean before = closed;
    long now = nanoClock.getAsLong();
    closed = !outlier.admits(now) || pauseLeft(now) > 0;
    return before && !closed;
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
    long now = nanoClock.getAsLong();
    return isUp() && outlier.admits(now) && pauseLeft(now) == 0;
  }

  /** True if it is well and wanted, even if it is left alone for now. */
  boolean isUp() {
    return healthy && !terms.draining();
  }

  boolean hasRoom() {
    return avoided.isEmpty() && isEligible() && weight() > 0 && inFlight.get() < limit();
  }

  /**
   * Time to the first token of a request sent now, as far as it was seen at work of late.
   *
   * @param promptTokens that it has to compute
   * @param now on the monotonic clock
   * @return milliseconds; 0 if it was not
   */
  double firstTokenMillis(int promptTokens, long now) {
    double iteration = tpot.millis(now);
    if (Double.isNaN(iteration)) {
      return 0;
    }
    EngineCost cost = standing.cost();
    double prefill = (pendingPromptTokens() + promptTokens) * cost.gammaMillis();
    // The model's prefill is as far off as its decoding, or the engine is not what it is said to
    // be.
    return iteration + prefill * Math.min(1, cost.slowdown());
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
    EngineStanding now = standing;
    int own = inFlight.get();
    int limit =
        Allotment.limit(
            now.places(), own, inFlightEstimate(), Math.min(terms.maxInFlight(), now.limit()));
    return own > 0 && isPrefilling(now) ? Math.min(limit, own) : limit;
  }

  /** True while it has as many prompts to compute as its next iterations take. */
  private boolean isPrefilling(EngineStanding now) {
    if (now.prefillTokens() == Double.POSITIVE_INFINITY) {
      return false;
    }
    double own =
        backlog.streamTokens() + wholePrefill.tokens(nanosPerPromptToken(), nanoClock.getAsLong());
    double others = Math.clamp(inFlightEstimate() / inFlight.get(), 1, now.dispatchers());
    return own * others >= now.prefillTokens() + meanPrompt + tokensOnTheWay();
  }

  /** What it computes until the word of a first token is here and another prompt is there. */
  private double tokensOnTheWay() {
    double seconds = rtt.seconds();
    double nanosPerToken = nanosPerPromptToken();
    return seconds > 0 && nanosPerToken > 0 ? seconds * 1e9 / nanosPerToken : 0;
  }

  @Override
  public Optional<ExclusionReason> exclusion() {
    if (!healthy) {
      return UNHEALTHY;
    }
    if (terms.draining()) {
      return DRAINING;
    }
    long now = nanoClock.getAsLong();
    if (!outlier.admits(now)) {
      return EJECTED;
    }
    return pauseLeft(now) > 0 ? PAUSED : avoided;
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
