package io.weir.dispatcher;

import io.weir.routing.fleet.Pool;
import io.weir.routing.pick.EnginePicker;
import io.weir.routing.pick.PickRequest;
import io.weir.routing.pick.PickResult;
import io.weir.schemas.EngineSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One pool's engines and the choice among them. Whatever is learned about an engine goes into its
 * {@link EngineStanding}, so that a choice only reads. Guarded by the pool's lock; the list may be
 * read by anyone.
 */
final class PoolEngines {
  private final EnginePicker picker;
  private final Standings standings;
  private final LongSupplier nanoClock;
  private volatile List<EngineSlots> engines = List.of();

  PoolEngines(Pool pool, Standings standings, LongSupplier nanoClock) {
    this.picker = new EnginePicker(pool.policy());
    this.standings = standings;
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

  /** Requests that all engines could run at once by their own limits; at least 1. */
  int slots() {
    int slots = 0;
    for (EngineSlots engine : engines) {
      slots += engine.terms().draining() ? 0 : engine.terms().maxInFlight();
    }
    return Math.max(1, slots);
  }

  boolean anyRoom() {
    for (EngineSlots engine : engines) {
      if (engine.hasRoom()) {
        return true;
      }
    }
    return false;
  }

  /** Chooses an engine and takes a slot there; empty if none has room. */
  Optional<Placement.Run> pick(Held held, long seed) {
    PickRequest request = held.wanted();
    return switch (picker.pick(engines, request, seed)) {
      case PickResult.Picked<EngineSlots> picked -> {
        EngineSlots engine = picked.engine();
        engine.take();
        if (held.request().getStream()) {
          engine.backlog().sentStream(picked.uncachedTokens());
        } else {
          engine.backlog().sentWhole(picked.uncachedTokens(), nanoClock.getAsLong());
        }
        yield Optional.of(
            new Placement.Run(
                held, engine, picked.decision(), standings.mark(), picked.uncachedTokens()));
      }
      case PickResult.NoEngine<EngineSlots> none -> Optional.empty();
    };
  }
}
