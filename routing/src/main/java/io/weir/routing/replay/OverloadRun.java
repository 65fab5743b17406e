package io.weir.routing.replay;

import io.weir.routing.config.Configs;
import io.weir.routing.cost.CostPolicy;
import io.weir.routing.cost.RequestCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One run of a trace at one load under one overload policy. */
public final class OverloadRun {
  private static final long TICK_NANOS = 100_000_000;
  private static final long MEASURE_NANOS = 500_000_000;

  private final VirtualTime time = new VirtualTime();
  private final List<OverloadEngine> engines = new ArrayList<>();
  private final List<OverloadRequest> requests;
  private final Discipline discipline;
  private int next;
  private int settled;

  private OverloadRun(OverloadScenario scenario, OverloadPolicy policy, double load) {
    Trace trace = scenario.trace().atRate(load * scenario.capacityPerSecond());
    requests = scenario.mix().assign(trace, scenario.seed());
    double tpot = scenario.mix().targets().tpot().toMillis();
    Answers answers = new Answers();
    for (ReplayEngine spec : scenario.engines()) {
      SimulatedEngine engine = new SimulatedEngine(spec, engines.size(), time, answers);
      engines.add(new OverloadEngine(engine, scenario.shape(), tpot));
    }
    discipline = discipline(scenario, policy);
  }

  private static Discipline discipline(OverloadScenario scenario, OverloadPolicy policy) {
    return switch (policy) {
      case PUSH_FIFO -> FifoDiscipline.push();
      case CENTRAL_FIFO -> FifoDiscipline.central();
      case STRICT_PRIORITY -> FifoDiscipline.strictPriority();
      case DAGOR_LIKE -> new DagorDiscipline();
      case CODEL_LIFO -> new CodelLifoDiscipline();
      case WEIR -> new WeirDiscipline(scenario.mix().targets(), tokensPerSecond(scenario));
    };
  }

  private static double tokensPerSecond(OverloadScenario scenario) {
    double ratio = Configs.defaults(CostPolicy.class).outputRatio();
    RequestCost mean =
        new RequestCost(
            scenario.trace().meanPromptTokens(), scenario.trace().meanOutputTokens(), ratio);
    return scenario.capacityPerSecond() * mean.tokens();
  }

  /**
   * Runs it.
   *
   * @param load offered, as a part of the fleet's capacity
   */
  public static OverloadResult run(OverloadScenario scenario, OverloadPolicy policy, double load) {
    OverloadRun run = new OverloadRun(scenario, policy, load);
    run.schedule();
    run.time.at(TICK_NANOS, run::tick);
    run.time.at(MEASURE_NANOS, run::measure);
    while (run.settled < run.requests.size() && run.time.step()) {
      // Everything happens in the events.
    }
    return OverloadSums.of(scenario.mix(), policy, load, run.requests, run.engines);
  }

  private void schedule() {
    if (next < requests.size()) {
      time.at(requests.get(next).enqueuedNanos(), this::arrive);
    }
  }

  private void arrive(long now) {
    OverloadRequest request = requests.get(next++);
    schedule();
    boolean fits = engines.stream().anyMatch(each -> each.engine.fits(request.live.trace));
    if (!fits || !discipline.arrive(request, now)) {
      settle(request, OverloadRequest.Fate.SHED);
      return;
    }
    dispatch(now);
  }

  private void dispatch(long now) {
    while (true) {
      Optional<OverloadEngine> engine = leastUsed();
      if (engine.isEmpty()) {
        return;
      }
      Optional<OverloadRequest> request =
          discipline.next(now, engine.get()::firstToken, this::drop);
      if (request.isEmpty()) {
        return;
      }
      request.get().live.engine = engine.get().engine.index;
      request.get().live.dispatched = now;
      engine.get().sent(request.get());
      engine.get().engine.submit(request.get().live, now);
    }
  }

  private Optional<OverloadEngine> leastUsed() {
    Optional<OverloadEngine> least = Optional.empty();
    for (OverloadEngine engine : engines) {
      if (engine.hasRoom(discipline.filling())
          && (least.isEmpty() || engine.usage() < least.get().usage())) {
        least = Optional.of(engine);
      }
    }
    return least;
  }

  private final class Answers implements SimulatedEngine.Watcher {
    @Override
    public void first(LiveRequest live, long now) {
      live.firstToken = now;
      engines.get(live.engine).first(live);
      dispatch(now);
    }

    @Override
    public void next(LiveRequest live, long gapNanos, long now) {
      engines.get(live.engine).next(gapNanos);
    }

    @Override
    public void last(LiveRequest live, long now) {
      live.finished = now;
      engines.get(live.engine).finished();
      OverloadRequest request = requests.get(live.index);
      discipline.finished(request);
      settle(request, OverloadRequest.Fate.ANSWERED);
      dispatch(now);
    }
  }

  private void tick(long now) {
    discipline.tick(now, this::drop);
    dispatch(now);
    time.at(now + TICK_NANOS, this::tick);
  }

  private void measure(long now) {
    engines.forEach(OverloadEngine::measure);
    time.at(now + MEASURE_NANOS, this::measure);
  }

  private void drop(OverloadRequest request) {
    settle(request, OverloadRequest.Fate.DROPPED);
  }

  private void settle(OverloadRequest request, OverloadRequest.Fate fate) {
    request.fate = fate;
    settled++;
  }
}
