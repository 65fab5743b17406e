package io.weir.dispatcher;

import io.weir.routing.fleet.Pool;
import io.weir.routing.pick.EnginePicker;
import io.weir.routing.pick.PickResult;
import io.weir.routing.queue.Next;
import io.weir.routing.queue.QueueLimits;
import io.weir.routing.queue.ReadyQueue;
import io.weir.schemas.EngineLoad;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RequestClass;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * One pool's ready queue and engines: decides, at the last moment, what runs where. Every method
 * returns what is to be done, and does none of it: under the lock there is no I/O and no waiting.
 */
final class PoolDesk {
  private final String pool;
  private final LaneConfig lanes;
  private final ReadyQueue<Held> queue;
  private final EnginePicker picker;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final LongSupplier seeds;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile List<EngineSlots> engines = List.of();

  /** A pool without engines. */
  PoolDesk(Pool pool, LaneConfig lanes, Clock clock, LongSupplier nanoClock, LongSupplier seeds) {
    this.pool = pool.name();
    this.lanes = lanes;
    this.queue = new ReadyQueue<>(limits());
    this.picker = new EnginePicker(pool.policy());
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.seeds = seeds;
  }

  String pool() {
    return pool;
  }

  List<EngineSlots> engines() {
    return engines;
  }

  /** What it holds now, for its heartbeat. */
  PoolLoad load() {
    return new PoolLoad(
        pool,
        waiting(),
        engines.stream().map(each -> new EngineLoad(each.id(), each.inFlight())).toList());
  }

  /** Adds an engine; one that is not known to be well gets no work yet. */
  List<Placement> add(EngineSlots engine) {
    return with(
        () -> {
          List<EngineSlots> more = new ArrayList<>(engines);
          more.add(engine);
          engines(more);
        });
  }

  /** Removes an engine: it gets no new work, and what runs there ends as it would have. */
  void remove(EngineSlots engine) {
    lock.lock();
    try {
      engines(engines.stream().filter(each -> each != engine).toList());
    } finally {
      lock.unlock();
    }
  }

  /** An engine is wanted otherwise. */
  List<Placement> change(EngineSlots engine, EngineTerms terms) {
    return with(
        () -> {
          engine.terms(terms);
          engines(engines);
        });
  }

  /** Where a request that has just come goes; {@link #enqueue} has to follow if it is to wait. */
  Placement arrived(Held held) {
    lock.lock();
    try {
      if (held.expiresAtMillis() <= clock.millis()) {
        return new Placement.Expire(held);
      }
      if (queue.size() > 0 || !anyRoom()) {
        return new Placement.Wait(held);
      }
      Placement placement = pick(held);
      queue.passedThrough(nanoClock.getAsLong());
      return placement;
    } finally {
      lock.unlock();
    }
  }

  /** Puts a request into the ready queue; an engine may have become free meanwhile. */
  List<Placement> enqueue(Held held) {
    return with(() -> queue.offer(held));
  }

  /** An engine has finished a request. */
  List<Placement> freed(EngineSlots engine) {
    return with(engine::free);
  }

  /** An engine is in or out. */
  List<Placement> health(EngineSlots engine, boolean healthy) {
    return with(() -> engine.healthy(healthy));
  }

  /** Takes out of the queue what has expired there. */
  List<Held> expired() {
    lock.lock();
    try {
      return queue.expire(clock.millis());
    } finally {
      lock.unlock();
    }
  }

  /** Takes requests out of the queue. */
  List<Held> removeIf(Predicate<Held> test) {
    lock.lock();
    try {
      return queue.removeIf(test);
    } finally {
      lock.unlock();
    }
  }

  /** The classes whose lanes may be read. */
  Set<RequestClass> room() {
    lock.lock();
    try {
      return queue.room(nanoClock.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /** How many requests wait. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  int waiting(RequestClass requestClass) {
    lock.lock();
    try {
      return queue.size(requestClass);
    } finally {
      lock.unlock();
    }
  }

  /** Changes something, and says what may run now that could not before. */
  private List<Placement> with(Runnable change) {
    lock.lock();
    try {
      change.run();
      return next();
    } finally {
      lock.unlock();
    }
  }

  private void engines(List<EngineSlots> now) {
    engines = List.copyOf(now);
    queue.limits(limits());
  }

  private QueueLimits limits() {
    int slots = 0;
    for (EngineSlots engine : engines) {
      slots += engine.terms().draining() ? 0 : engine.terms().maxInFlight();
    }
    return new QueueLimits(
        Math.max(1, slots), lanes.drain().toMillis() / 1000.0, lanes.readyBytes().bytes());
  }

  private List<Placement> next() {
    List<Placement> placements = List.of();
    while (anyRoom()) {
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
    InferenceRequest request = held.request();
    String affinity = request.getAffinity().isEmpty() ? request.getId() : request.getAffinity();
    return switch (picker.pick(engines, affinity, seeds.getAsLong())) {
      case PickResult.Picked<EngineSlots> picked -> {
        picked.engine().take();
        yield new Placement.Run(held, picked.engine(), picked.decision());
      }
      case PickResult.NoEngine<EngineSlots> none ->
          throw new IllegalStateException(
              "pool " + pool + " has room but no engine: " + none.excluded());
    };
  }

  private boolean anyRoom() {
    for (EngineSlots engine : engines) {
      if (engine.hasRoom()) {
        return true;
      }
    }
    return false;
  }
}
