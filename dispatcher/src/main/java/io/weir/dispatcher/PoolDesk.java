package io.weir.dispatcher;

import io.weir.routing.fleet.Pool;
import io.weir.routing.pick.PickRequest;
import io.weir.routing.pick.TableVerdict;
import io.weir.routing.queue.Next;
import io.weir.routing.queue.QueueLimits;
import io.weir.routing.queue.ReadyQueue;
import io.weir.schemas.EngineLoad;
import io.weir.schemas.EngineSample;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One pool's ready queue and engines: decides, at the last moment, what runs where. Every method
 * returns what is to be done, and does none of it: under the lock there is no I/O and no waiting.
 */
final class PoolDesk {
  private final String pool;
  private final LaneConfig lanes;
  private final ReadyQueue<Held> queue;
  private final PoolEngines engines;
  private final Standings standings;
  private final PoolWeights weights;
  private final PickRequests requests;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final LongSupplier seeds;
  private final ReentrantLock lock = new ReentrantLock();

  /** A pool without engines. */
  PoolDesk(
      String source,
      Pool pool,
      LaneConfig lanes,
      Clock clock,
      LongSupplier nanoClock,
      LongSupplier seeds) {
    this.pool = pool.name();
    this.lanes = lanes;
    this.weights = new PoolWeights(source, pool, nanoClock);
    this.standings = new Standings(weights, nanoClock);
    this.engines = new PoolEngines(pool, standings, nanoClock);
    this.queue = new ReadyQueue<>(limits());
    this.requests = new PickRequests(pool.policy());
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.seeds = seeds;
  }

  String pool() {
    return pool;
  }

  List<EngineSlots> engines() {
    return engines.all();
  }

  /** What it holds now, for its heartbeat. */
  PoolLoad load() {
    return new PoolLoad(
        pool,
        waiting(),
        engines().stream().map(each -> new EngineLoad(each.id(), each.inFlight())).toList());
  }

  /** Adds an engine; one that is not known to be well gets no work yet. */
  List<Placement> add(EngineSlots engine) {
    return with(
        () -> {
          engines.add(engine);
          queue.limits(limits());
        });
  }

  /** Removes an engine: it gets no new work, and what runs there ends as it would have. */
  List<Placement> remove(EngineSlots engine) {
    return with(
        () -> {
          engines.remove(engine);
          queue.limits(limits());
        });
  }

  /** An engine is wanted otherwise. */
  List<Placement> change(EngineSlots engine, EngineTerms terms) {
    return with(
        () -> {
          engines.change(engine, terms);
          queue.limits(limits());
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
          standings.share(share);
          engines.review();
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
          return new Offered(verdict, next());
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

  /** Where a request that has just come goes; {@link #enqueue} has to follow if it is to wait. */
  Placement arrived(Held held) {
    lock.lock();
    try {
      if (held.expiresAtMillis() <= clock.millis()) {
        return new Placement.Expire(held);
      }
      if (queue.size() > 0 || !engines.anyRoom()) {
        return new Placement.Wait(held);
      }
      queue.passedThrough(nanoClock.getAsLong());
      return pick(held);
    } finally {
      lock.unlock();
    }
  }

  /** Puts a request into the ready queue; an engine may have become free meanwhile. */
  List<Placement> enqueue(Held held) {
    return with(
        () -> {
          if (held.attempt().getNumber() > 1) {
            queue.offerAgain(held);
          } else {
            queue.offer(held);
          }
        });
  }

  /** An engine has finished a request. */
  List<Placement> freed(EngineSlots engine) {
    return with(engine::free);
  }

  /** An engine is in or out. */
  List<Placement> health(EngineSlots engine, boolean healthy) {
    return with(() -> engines.health(engine, healthy));
  }

  /** Takes out of the queue what has expired there. */
  List<Held> expired() {
    return locked(() -> queue.expire(clock.millis()));
  }

  /** Takes requests out of the queue. */
  List<Held> removeIf(Predicate<Held> test) {
    return locked(() -> queue.removeIf(test));
  }

  /** The classes whose lanes may be read. */
  Set<RequestClass> room() {
    return locked(() -> queue.room(nanoClock.getAsLong()));
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
    return locked(() -> queue.size());
  }

  int waiting(RequestClass requestClass) {
    return locked(() -> queue.size(requestClass));
  }

  /** Changes something, and says what may run now that could not before. */
  private List<Placement> with(Runnable change) {
    return locked(
        () -> {
          change.run();
          return next();
        });
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private QueueLimits limits() {
    return new QueueLimits(
        engines.slots(), lanes.drain().toMillis() / 1000.0, lanes.readyBytes().bytes());
  }

  private List<Placement> next() {
    List<Placement> placements = List.of();
    while (engines.anyRoom()) {
      Placement placement =
          switch (queue.poll(clock.millis(), nanoClock.getAsLong())) {
            case Next.Run<Held>(Held held) -> pick(held);
            case Next.Expired<Held>(Held held) -> new Placement.Expire(held);
            case Next.Empty<Held>() -> null;
          };
      if (placement == null) {
        return placements;
      }
      if (placements.isEmpty()) {
        placements = new ArrayList<>(2);
      }
      placements.add(placement);
    }
    return placements;
  }

  private Placement pick(Held held) {
    return engines
        .pick(held, seeds.getAsLong())
        .orElseThrow(() -> new IllegalStateException("pool " + pool + " has room but no engine"));
  }
}
