package io.weir.dispatcher;

import io.weir.routing.fleet.OnInterruption;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.ServiceTerms;
import io.weir.routing.hash.Hashing;
import io.weir.routing.order.BrownOut;
import io.weir.routing.pick.PickRequest;
import io.weir.routing.pick.TableVerdict;
import io.weir.routing.queue.QueueLimits;
import io.weir.routing.retry.RetryPolicy;
import io.weir.schemas.EngineLoad;
import io.weir.schemas.EngineSample;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LanePosition;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TenantService;
import io.weir.schemas.TokenUsage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * One pool's ready queue and engines: decides, at the last moment, what runs where. Every method
 * returns what is to be done, and does none of it: under the lock there is no I/O and no waiting.
 */
final class PoolDesk {
  /** Most that wait apart from the queue, for certain engines, before no lane is read. */
  private static final int MOST_APART = 1_000;

  private final String pool;
  private final OnInterruption onInterruption;
  private final LaneConfig lanes;
  private final ServiceTerms service;
  private final PoolQueue queue;
  private final PoolEngines engines;
  private final Standings standings;
  private final PoolWeights weights;
  private final PickRequests requests;
  private final FurtherAttempts further;
  private final Placing placing;
  private final boolean preempt;
  private final Preemptions preemptions = new Preemptions();
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final LongSupplier seeds;
  private final ReentrantLock lock = new ReentrantLock();
  private int ofSource = 1;

  /**
   * A pool without engines.
   *
   * @param tenantWeights of tenants against each other; positive
   * @param tenantRegions where a tenant's requests may go; empty for everywhere
   */
  PoolDesk(
      String source,
      Pool pool,
      ServiceTerms service,
      ToDoubleFunction<String> tenantWeights,
      Function<String, List<String>> tenantRegions,
      DispatcherConfig config,
      Clock clock,
      LongSupplier nanoClock,
      LongSupplier seeds) {
    this.pool = pool.name();
    this.onInterruption = pool.onInterruption();
    this.lanes = config.lanes();
    this.weights = new PoolWeights(source, pool, nanoClock);
    this.standings =
        new Standings(
            weights, new EngineLimits(config.limit(), service.targets().tpot()), nanoClock);
    this.engines = new PoolEngines(pool, tenantRegions, standings, config.outliers(), nanoClock);
    this.service = service;
    this.preempt = config.preempt();
    this.queue = new PoolQueue(service, config.order(), tenantWeights, limits(), clock, nanoClock);
    this.requests = new PickRequests(pool.policy());
    this.further =
        new FurtherAttempts(
            pool,
            new FurtherAttempts.Terms(config.retries(), config.hedges()),
            nanoClock.getAsLong());
    this.placing = new Placing(queue, further, engines, nanoClock, seeds);
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.seeds = seeds;
  }

  String pool() {
    return pool;
  }

  /** What becomes of a stream that breaks off. */
  OnInterruption onInterruption() {
    return onInterruption;
  }

  List<EngineSlots> engines() {
    return engines.all();
  }

  /** What it holds now, as far as others share the work by it. */
  PoolLoad load() {
    return holding().setLanes(List.of()).setTenants(List.of()).build();
  }

  /**
   * The same with what admission and fairness elsewhere go by, for its heartbeat.
   *
   * @param positions how far its lanes are read
   */
  PoolLoad load(Map<RequestClass, List<LanePosition>> positions) {
    PoolLoad.Builder load = holding();
    return locked(() -> queue.tell(load, positions).setRoom(engines.room()).build());
  }

  private PoolLoad.Builder holding() {
    return PoolLoad.newBuilder()
        .setPool(pool)
        .setReady(waiting())
        .setEngines(
            engines().stream().map(each -> new EngineLoad(each.id(), each.inFlight())).toList());
  }

  /** Adds an engine; one that is not known to be well gets no work yet. */
  List<Placement> add(EngineSlots engine) {
    return with(
        () -> {
          engines.add(engine);
          resized();
        });
  }

  /** Removes an engine: it gets no new work, and what runs there ends as it would have. */
  List<Placement> remove(EngineSlots engine) {
    return with(
        () -> {
          engines.remove(engine);
          resized();
        });
  }

  /** An engine is wanted otherwise. */
  List<Placement> change(EngineSlots engine, EngineTerms terms) {
    return with(
        () -> {
          engines.change(engine, terms);
          resized();
        });
  }

  /** An engine said something about itself, so long ago. */
  List<Placement> sample(EngineSlots engine, EngineSample sample, long ageMillis) {
    return with(() -> engines.sample(engine, sample, ageMillis));
  }

  /** Time has passed: weights age, and this dispatcher's share of the work may be another. */
  List<Placement> review(Share share) {
    return with(
        () -> {
          ofSource = share.ofSource();
          standings.share(share);
          engines.review();
          resized();
        });
  }

  /**
   * New weights have come.
   *
   * @param ageMillis since they were published
   */
  Offered offered(RoutingWeights table, long ageMillis) {
    return locked(
        () -> {
          Optional<TableVerdict> verdict = weights.offer(table, ageMillis, engines.all());
          engines.review();
          return new Offered(verdict, placing.next());
        });
  }

  /** What became of a table, and what may run under it that could not before. */
  record Offered(Optional<TableVerdict> verdict, List<Placement> placements) {}

  /** The weights in force, for those of its methods that anyone may use. */
  PoolWeights weights() {
    return weights;
  }

  /** What the choice of an engine will need to know of a request. Takes no lock. */
  PickRequest wanted(InferenceRequest request) {
    return requests.of(request);
  }

  /** What a request costs by its ingress's word, in tokens. Takes no lock. */
  double roughCost(InferenceRequest request) {
    return request.getPromptTokens() + service.cost().outputRatio() * request.getOutputTokens();
  }

  /** Where a request that has just come goes; {@link #enqueue} has to follow if it is to wait. */
  Placement arrived(Held held) {
    lock.lock();
    try {
      Ready ready = queue.ready(held);
      Optional<Dropped> refusal = queue.refusal(ready);
      if (refusal.isPresent()) {
        return new Placement.Drop(held, refusal.get());
      }
      if (!queue.mayPass(held.requestClass()) || !engines.anyRoom()) {
        return new Placement.Wait(ready);
      }
      Optional<Placement.Run> run = placing.pick(held, Need.of(held), ready.costTokens());
      if (run.isEmpty()) {
        return new Placement.Wait(ready);
      }
      queue.passed(ready);
      further.first(nanoClock.getAsLong());
      return run.get();
    } finally {
      lock.unlock();
    }
  }

  /** Puts a request into the ready queue; an engine may have become free meanwhile. */
  List<Placement> enqueue(Ready ready) {
    return with(() -> queue.offer(ready));
  }

  /**
   * A request has ended that used so many tokens.
   *
   * @param charged what its tenant was charged for it before
   */
  void used(Held held, double charged, TokenUsage usage) {
    quietly(() -> queue.used(held, charged, usage));
  }

  /** The same of a whole answer. */
  void answered(Held held, double charged, TokenUsage usage) {
    quietly(() -> queue.answered(held, charged, usage));
  }

  /** A request that was to run did not: its tenant gets back what it was charged. */
  void unused(Placement.Run run) {
    used(run.held(), run.chargedTokens(), Placing.NOTHING_USED);
  }

  /** True if a request may have to give up its place on an engine for priority. */
  boolean mayPreempt(Held held) {
    return preempt
        && held.continues().isEmpty()
        && held.requestClass().compareTo(RequestClass.STANDARD) > 0;
  }

  void began(Preemptible request) {
    quietly(() -> preemptions.began(request));
  }

  void ended(Preemptible request) {
    quietly(() -> preemptions.ended(request));
  }

  /** The requests that have to give up their places now, since priority has waited for long. */
  List<Preemptible> toPreempt() {
    return locked(
        () -> preempt && !engines.anyRoom() ? preemptions.youngest(queue.pressing()) : List.of());
  }

  /** A request that gave up its place waits again. */
  List<Placement> preempted(Held held, double charged) {
    return with(() -> queue.back(held, charged));
  }

  /** Others have served this to tenants since the last time. */
  void servedElsewhere(List<TenantService> others) {
    quietly(() -> queue.servedElsewhere(others));
  }

  /** An engine has finished a request. */
  List<Placement> freed(EngineSlots engine, Ending ending) {
    return with(() -> engines.ended(engine, ending));
  }

  /** A stream's first token came from an engine. */
  List<Placement> firstToken(EngineSlots engine, double millis) {
    return locked(
        () -> {
          further.firstToken(millis);
          // Its prompt is computed: there may be room for another one's.
          boolean changed = engines.firstToken(engine, millis);
          return changed || queue.size() > 0 ? placing.next() : List.of();
        });
  }

  /**
   * Time has passed: some requests have waited too long, and engines that were left alone may be
   * used again.
   */
  List<Placement> sweep() {
    return locked(
        () -> {
          long now = clock.millis();
          List<Placement> placements = queue.sweep();
          for (Held held : further.removeIf(each -> each.expiresAtMillis() <= now)) {
            placements.add(new Placement.Drop(held, Dropped.EXPIRED));
          }
          boolean reopened = engines.reopened();
          if (reopened || queue.size() > 0) {
            placements.addAll(placing.next());
          }
          return placements;
        });
  }

  /**
   * Whether a request that failed is tried again; takes what that costs.
   *
   * @param reason the failure's word
   * @param retry which one it would be, from 1
   */
  RetryPolicy.Decision retry(Held held, String reason, int retry) {
    return locked(
        () ->
            further.decide(
                reason,
                retry,
                engines.soonest(),
                Duration.ofMillis(Math.max(0, held.expiresAtMillis() - clock.millis())),
                Hashing.uniform(seeds.getAsLong(), 0),
                nanoClock.getAsLong()));
  }

  /** Finds an engine for a further attempt, now or later. */
  CompletableFuture<Placement.Run> again(Held held, Need need) {
    return locked(
        () -> {
          CompletableFuture<Placement.Run> runner = new CompletableFuture<>();
          placing
              .pick(held, need, 0)
              .ifPresentOrElse(
                  runner::complete,
                  () -> further.add(new Waiting(held, need, 0, Optional.of(runner))));
          return runner;
        });
  }

  /** Nobody waits for an engine any more; what was found meanwhile is to be given back. */
  Optional<Placement.Run> waitNoMore(CompletableFuture<Placement.Run> runner) {
    return locked(
        () -> {
          further.remove(runner);
          return runner.isDone() ? Optional.of(runner.join()) : Optional.empty();
        });
  }

  /** After how long a second engine is to be asked for an answer; empty if none is. */
  Optional<Duration> late(InferenceRequest request) {
    return locked(() -> further.late(request));
  }

  /** Another engine than those a request was sent to, if there is one with room and it may cost. */
  Optional<Placement.Run> hedge(Held held) {
    return locked(
        () ->
            engines.isAnyLeft(held) && further.mayHedge(nanoClock.getAsLong())
                ? placing.pick(held, Need.of(held), 0)
                : Optional.empty());
  }

  /** Retries and hedges that may be made now. */
  double retryBudget() {
    return locked(() -> further.balance(nanoClock.getAsLong()));
  }

  /** An engine is in or out. */
  List<Placement> health(EngineSlots engine, boolean healthy) {
    return with(
        () -> {
          engines.health(engine, healthy);
          resized();
        });
  }

  /** Takes requests out of the queue. */
  List<Held> removeIf(Predicate<Held> test) {
    return locked(() -> both(queue.removeIf(test), further.removeIf(test)));
  }

  /** The classes whose lanes may be read. */
  Set<RequestClass> room() {
    return locked(() -> further.size() > MOST_APART ? Set.of() : queue.open());
  }

  /**
   * True while requests that are to be run again may be fetched. They come whether their class is
   * open or not, up to a bound that guards the memory: as much again as all classes may hold.
   */
  boolean roomForRequeues() {
    long most = 2L * RequestClass.values().length * lanes.readyBytes().bytes();
    return locked(() -> queue.bytes() < most);
  }

  /** How many requests wait. */
  int waiting() {
    return locked(() -> queue.size() + further.size());
  }

  int waiting(RequestClass requestClass) {
    return locked(() -> queue.size(requestClass) + further.size(requestClass));
  }

  /** Tokens per second that it gets through while something waits. */
  double drainPerSecond() {
    return locked(queue::drainPerSecond);
  }

  /** How far lower classes stand back for priority. */
  BrownOut.Rung rung() {
    return locked(queue::rung);
  }

  /** Changes something, and says what may run now that could not before. */
  private List<Placement> with(Runnable change) {
    return locked(
        () -> {
          change.run();
          return placing.next();
        });
  }

  /** Changes something by which nothing more may run. */
  private void quietly(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private void resized() {
    double all = PoolCapacity.tokensPerSecond(engines.all(), service.cost());
    queue.engines(limits(), all / ofSource);
  }

  private QueueLimits limits() {
    return new QueueLimits(
        engines.slots(), lanes.drain().toMillis() / 1000.0, lanes.readyBytes().bytes());
  }

  private static List<Held> both(List<Held> some, List<Held> others) {
    if (others.isEmpty()) {
      return some;
    }
    List<Held> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
