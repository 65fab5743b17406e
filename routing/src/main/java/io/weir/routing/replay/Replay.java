package io.weir.routing.replay;

import io.weir.routing.engine.Ticket;
import io.weir.schemas.EngineSample;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of a scenario under one policy. Requests reach their source's dispatchers by prefix key;
 * a dispatcher sends each to an engine when its policy finds one below its limit; telemetry reaches
 * dispatchers late; weights are planned at intervals.
 */
public final class Replay {
  private final ReplayScenario scenario;
  private final VirtualTime time = new VirtualTime();
  private final List<SimulatedEngine> engines = new ArrayList<>();
  private final List<List<SimulatedDispatcher>> dispatchers = new ArrayList<>();
  private final PlannedWeights weights;
  private final Ledger ledger;
  private final long total;

  private Replay(ReplayScenario scenario, ReplayPolicy policy) {
    this.scenario = scenario;
    this.ledger = new Ledger(scenario);
    this.total = scenario.requests();
    for (ReplayEngine spec : scenario.engines()) {
      engines.add(new SimulatedEngine(spec, engines.size(), time, new Answers()));
    }
    this.weights = ReplaySetup.weights(scenario, policy);
    Seeds seeds = new Seeds(scenario.settings().seed());
    for (int s = 0; s < scenario.sources().size(); s++) {
      dispatchers.add(ReplaySetup.dispatchers(scenario, policy, s, engines, this::send, seeds));
    }
  }

  /**
   * Runs it.
   *
   * @param objectives what counts as goodput
   */
  public static ReplayResult run(
      ReplayScenario scenario, ReplayPolicy policy, Objectives objectives) {
    Replay replay = new Replay(scenario, policy);
    replay.begin();
    while (replay.ledger.settled() < replay.total && replay.time.step()) {
      // Everything happens in the events.
    }
    return replay.ledger.result(policy, objectives, replay.engines, replay.time.now());
  }

  private void begin() {
    for (Fault fault : scenario.faults()) {
      time.at(fault.atNanos(), now -> engines.get(fault.engine()).slowDown(fault.slowdown()));
    }
    applyWeights(0);
    for (int s = 0; s < scenario.sources().size(); s++) {
      new Arrivals(s).schedule();
    }
    time.at(telemetryPeriod(), this::sample);
    time.at(scenario.settings().solveInterval().toNanos(), this::plan);
  }

  private final class Arrivals {
    private final int source;
    private final List<TraceRequest> requests;
    private final PrefixKeys keys;
    private final PromptHashes prompts;
    private int next;

    Arrivals(int source) {
      this.source = source;
      this.requests = scenario.sources().get(source).trace().requests();
      this.prompts = new PromptHashes(scenario.sources().get(source).trace().blockTokens());
      this.keys = new PrefixKeys(scenario.sources().get(source).dispatchers(), time);
    }

    void schedule() {
      if (next < requests.size()) {
        time.at(requests.get(next).arrivalNanos(), this::arrive);
      }
    }

    private void arrive(long now) {
      TraceRequest traced = requests.get(next++);
      schedule();
      if (engines.stream().noneMatch(engine -> engine.fits(traced))) {
        ledger.reject();
        return;
      }
      LiveRequest request =
          new LiveRequest(next, traced, source, keys.dispatcher(traced, next), prompts.of(traced));
      weights.arrived(request, now);
      dispatcherOf(request).arrive(request, now);
    }
  }

  private void send(LiveRequest request, long now) {
    EngineSeen engine = dispatcherOf(request).engines.get(request.engine);
    ledger.dispatched(request, engine.roundTripMillis, weights.shares(request.source));
    long oneWay = oneWayNanos(request);
    if (oneWay == 0) {
      engines.get(request.engine).submit(request, now);
    } else {
      time.at(now + oneWay, then -> engines.get(request.engine).submit(request, then));
    }
  }

  /** Carries what engines produce back to the dispatchers. */
  private final class Answers implements SimulatedEngine.Watcher {
    @Override
    public void first(LiveRequest request, long now) {
      later(
          request,
          now,
          then -> {
            request.firstToken = then;
            dispatcherOf(request).first(request, then);
          });
    }

    @Override
    public void next(LiveRequest request, long gapNanos, long now) {
      dispatcherOf(request).next(request, gapNanos, now);
    }

    @Override
    public void last(LiveRequest request, long now) {
      later(
          request,
          now,
          then -> {
            request.finished = then;
            ledger.answered(request);
            weights.finished(request, then, request.ticket.map(Ticket::cachedTokens).orElse(0));
            dispatcherOf(request).finished(request, then);
          });
    }

    private void later(LiveRequest request, long now, VirtualTime.Event event) {
      long oneWay = oneWayNanos(request);
      if (oneWay == 0) {
        event.happen(now);
      } else {
        time.at(now + oneWay, event);
      }
    }
  }

  private void sample(long now) {
    List<EngineSample> samples = engines.stream().map(engine -> engine.sample(now)).toList();
    time.at(now + scenario.settings().telemetryAge().toNanos(), then -> give(samples, then));
    time.at(now + telemetryPeriod(), this::sample);
  }

  private void give(List<EngineSample> samples, long now) {
    weights.sampled(samples);
    for (List<SimulatedDispatcher> group : dispatchers) {
      for (SimulatedDispatcher dispatcher : group) {
        dispatcher.engines.forEach(engine -> engine.sampled(samples.get(engine.index)));
        dispatcher.refreshed(now);
      }
    }
  }

  private void plan(long now) {
    if (weights.plan(now)) {
      applyWeights(now);
    }
    time.at(now + scenario.settings().solveInterval().toNanos(), this::plan);
  }

  private void applyWeights(long now) {
    for (List<SimulatedDispatcher> group : dispatchers) {
      for (SimulatedDispatcher dispatcher : group) {
        weights.apply(dispatcher.source, dispatcher.engines);
        dispatcher.refreshed(now);
      }
    }
  }

  private long telemetryPeriod() {
    return Math.min(1_000_000_000L, scenario.settings().telemetryAge().toNanos());
  }

  private SimulatedDispatcher dispatcherOf(LiveRequest request) {
    return dispatchers.get(request.source).get(request.dispatcher);
  }

  private long oneWayNanos(LiveRequest request) {
    return Math.round(dispatcherOf(request).engines.get(request.engine).roundTripMillis * 1e6 / 2);
  }
}
