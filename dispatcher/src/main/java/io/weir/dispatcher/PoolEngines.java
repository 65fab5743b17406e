package io.weir.dispatcher;

import io.weir.routing.fleet.Pool;
import io.weir.routing.pick.EnginePicker;
import io.weir.routing.pick.ExclusionReason;
import io.weir.routing.pick.PickRequest;
import io.weir.routing.pick.PickResult;
import io.weir.routing.retry.OutlierPolicy;
import io.weir.schemas.EngineSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * One pool's engines and the choice among them. Whatever is learned about an engine goes into its
 * {@link EngineStanding}, so that a choice only reads. Guarded by the pool's lock; the list may be
 * read by anyone.
 */
final class PoolEngines {
  private static final Optional<ExclusionReason> FAILED_BEFORE =
      Optional.of(ExclusionReason.FAILED_BEFORE);
  private static final Optional<ExclusionReason> UNABLE = Optional.of(ExclusionReason.UNABLE);

  private static final Optional<ExclusionReason> REGION =
      Optional.of(ExclusionReason.REGION_NOT_ALLOWED);

  private final EnginePicker picker;
  private final Function<String, List<String>> regions;
  private final Standings standings;
  private final LongSupplier nanoClock;
  private final Outliers outliers;
  private volatile List<EngineSlots> engines = List.of();

  /**
   * @param regions where a tenant's requests may go; empty for everywhere
   */
  PoolEngines(
      Pool pool,
      Function<String, List<String>> regions,
      Standings standings,
      OutlierPolicy outliers,
      LongSupplier nanoClock) {
    this.regions = regions;
    this.picker = new EnginePicker(pool.policy());
    this.standings = standings;
    this.outliers = new Outliers(outliers);
    this.nanoClock = nanoClock;
  }

  List<EngineSlots> all() {
    return engines;
  }

  void add(EngineSlots engine) {
    List<EngineSlots> more = new ArrayList<>(engines);
    more.add(engine);
    engines = List.copyOf(more);
    review();
  }

  void remove(EngineSlots engine) {
    engines = engines.stream().filter(each -> each != engine).toList();
    review();
  }

  void change(EngineSlots engine, EngineTerms terms) {
    engine.terms(terms);
    review();
  }

  void health(EngineSlots engine, boolean healthy) {
    engine.healthy(healthy);
    if (healthy) {
      // It may have begun anew meanwhile, with an empty cache.
      picker.cacheLost(engine);
    }
    review();
  }

  /** Takes in what an engine said of itself. */
  void sample(EngineSlots engine, EngineSample sample, long ageMillis) {
    long now = nanoClock.getAsLong();
    EngineTelemetry telemetry = engine.telemetry();
    EngineTelemetry.Verdict verdict = telemetry.accept(sample, now);
    if (verdict == EngineTelemetry.Verdict.RESTARTED) {
      picker.cacheLost(engine);
    }
    if (verdict != EngineTelemetry.Verdict.VOID) {
      telemetry.requests(now).ifPresent(requests -> engine.sampled(requests, ageMillis));
    }
  }

  /** Sees how every engine stands now. */
  void review() {
    long now = nanoClock.getAsLong();
    for (EngineSlots engine : engines) {
      if (engine.telemetry().requests(now).isEmpty()) {
        engine.unsampled();
      }
    }
    standings.review(engines);
  }

  /** Gives back a slot, with what the request's end said of the engine. */
  void ended(EngineSlots engine, Ending ending) {
    engine.free();
    if (outliers.ended(engines, engine, ending)) {
      review();
    }
  }

  /** A stream's first token came; true if the engine is in or out of use by that. */
  boolean firstToken(EngineSlots engine, double millis) {
    boolean changed = outliers.firstToken(engines, engine, millis);
    if (changed) {
      review();
    }
    return changed;
  }

  /** True if an engine may be used again, only because time has passed. */
  boolean reopened() {
    boolean any = false;
    for (EngineSlots engine : engines) {
      any |= engine.reopened();
    }
    if (any) {
      review();
    }
    return any;
  }

  /** How long until an engine may be asked, as far as the engines themselves said. */
  Duration soonest() {
    Duration soonest = Duration.ZERO;
    for (EngineSlots engine : engines) {
      if (engine.isEligible()) {
        return Duration.ZERO;
      }
      Duration pause = engine.isUp() ? engine.pause() : Duration.ZERO;
      if (!pause.isZero() && (soonest.isZero() || pause.compareTo(soonest) < 0)) {
        soonest = pause;
      }
    }
    return soonest;
  }

  /** Requests that all engines could run at once by their own limits; at least 1. */
  int slots() {
    int slots = 0;
    for (EngineSlots engine : engines) {
      slots += engine.terms().draining() ? 0 : engine.terms().maxInFlight();
    }
    return Math.max(1, slots);
  }

  /** Requests that could be sent at once. */
  int room() {
    int room = 0;
    for (EngineSlots engine : engines) {
      room += engine.hasRoom() ? engine.limit() - engine.inFlight() : 0;
    }
    return Math.max(0, room);
  }

  boolean anyRoom() {
    for (EngineSlots engine : engines) {
      if (engine.hasRoom()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Chooses an engine and takes a slot there. One that the request failed on is only chosen if no
   * other may be used at all, and one that cannot do what it needs only if none can.
   *
   * @param charged what the request's tenant was charged for it
   * @return empty if none of those has room
   */
  Optional<Placement.Run> pick(Held held, Need need, double charged, long seed) {
    List<String> inside = regionsOf(held);
    if (held.triedEngines().isEmpty() && need == Need.NOTHING && inside.isEmpty()) {
      return pick(held, charged, seed);
    }
    boolean able =
        need == Need.CONTINUES
            && anyUsable(engine -> lies(engine, inside) && engine.terms().continues());
    boolean others =
        anyUsable(
            engine ->
                lies(engine, inside)
                    && !held.triedEngines().contains(engine.id())
                    && (!able || engine.terms().continues()));
    try {
      for (EngineSlots engine : engines) {
        boolean failed = others && held.triedEngines().contains(engine.id());
        boolean unable = able && !engine.terms().continues();
        engine.avoid(
            !lies(engine, inside)
                ? REGION
                : failed ? FAILED_BEFORE : unable ? UNABLE : Optional.empty());
      }
      return anyRoom() ? pick(held, charged, seed) : Optional.empty();
    } finally {
      engines.forEach(engine -> engine.avoid(Optional.empty()));
    }
  }

  /** True unless no engine there is, in whatever state, may see a request. */
  boolean maySee(Held held) {
    List<String> inside = regionsOf(held);
    if (inside.isEmpty()) {
      return true;
    }
    for (EngineSlots engine : engines) {
      if (lies(engine, inside)) {
        return true;
      }
    }
    return false;
  }

  private List<String> regionsOf(Held held) {
    return regions.apply(held.request().getTenant());
  }

  private static boolean lies(EngineSlots engine, List<String> inside) {
    return inside.isEmpty() || inside.contains(engine.terms().region());
  }

  /**
   * Time to a request's first token if it were sent now to the engine where that comes soonest, in
   * nanoseconds. Only engines that were seen at work say anything: 0 if one with room was not.
   */
  long firstTokenNanos(Held held) {
    long now = nanoClock.getAsLong();
    List<String> inside = regionsOf(held);
    double soonest = Double.POSITIVE_INFINITY;
    for (EngineSlots engine : engines) {
      if (engine.hasRoom() && lies(engine, inside)) {
        int prompt = picker.uncachedTokens(engines, engine, held.wanted());
        soonest = Math.min(soonest, engine.firstTokenMillis(prompt, now));
      }
    }
    return Double.isInfinite(soonest) ? 0 : Math.round(soonest * 1e6);
  }

  /** True if a request could be sent at once to an engine that it was not sent to. */
  boolean isAnyLeft(Held held) {
    List<String> inside = regionsOf(held);
    return engines.stream()
        .anyMatch(
            engine ->
                engine.hasRoom()
                    && lies(engine, inside)
                    && !held.triedEngines().contains(engine.id()));
  }

  private boolean anyUsable(Predicate<EngineSlots> test) {
    return engines.stream()
        .anyMatch(engine -> engine.isEligible() && engine.weight() > 0 && test.test(engine));
  }

  private Optional<Placement.Run> pick(Held held, double charged, long seed) {
    PickRequest request = held.wanted();
    return switch (picker.pick(engines, request, seed)) {
      case PickResult.Picked<EngineSlots> picked -> {
        EngineSlots engine = picked.engine();
        engine.take();
        engine.sent(held.request(), picked.uncachedTokens());
        yield Optional.of(
            new Placement.Run(
                held,
                engine,
                picked.decision(),
                standings.mark(),
                picked.uncachedTokens(),
                charged));
      }
      case PickResult.NoEngine<EngineSlots> none -> Optional.empty();
    };
  }
}
