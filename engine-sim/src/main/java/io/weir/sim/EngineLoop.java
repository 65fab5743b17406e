package io.weir.sim;

import io.weir.routing.engine.EngineModel;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineSignals;
import io.weir.routing.engine.IterationListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Runs an {@link EngineModel} by the wall clock, on a thread of its own. */
final class EngineLoop implements AutoCloseable {
  private static final long JOIN_MILLIS = 1_000;

  private final EngineModel<Generation> model;
  private final EngineMetrics metrics;
  private final int maxWaiting;
  private final double speed;

  /** Fair, so that an engine at full speed does not keep requests out. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final Condition busy = lock.newCondition();
  private final Set<Generation> live = new HashSet<>();
  private final List<Generation> toWake = new ArrayList<>();
  private final Thread thread;
  private boolean closed;
  private long lastEnd = System.nanoTime();

  EngineLoop(
      String name, EngineProfile profile, double speed, int maxWaiting, EngineMetrics metrics) {
    this.model = new EngineModel<>(profile);
    this.metrics = metrics;
    this.maxWaiting = maxWaiting;
    this.speed = speed;
    slowDown(1);
    thread = Thread.ofPlatform().name("weir-sim-" + name).daemon(true).start(this::run);
  }

  /**
   * Queues a generation.
   *
   * @throws ApiException 503 if too many wait already or the engine is closing
   */
  void submit(Generation generation) {
    lock.lock();
    try {
      if (closed || model.signals().waiting() >= maxWaiting) {
        throw ApiException.of(
                503, "server_error", "overloaded", "the engine's queue is full; retry later")
            .retryAfter(1);
      }
      long now = Math.max(System.nanoTime(), lastEnd);
      generation.ticket = model.submit(now, generation, generation.work);
      live.add(generation);
      busy.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Frees what a generation holds, if it is not finished. */
  void cancel(Generation generation) {
    lock.lock();
    try {
      if (model.cancel(generation.ticket)) {
        live.remove(generation);
        metrics.finished("abort");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes iterations longer by a factor from now on. */
  void slowDown(double factor) {
    lock.lock();
    try {
      model.slowDown(factor / speed);
    } finally {
      lock.unlock();
    }
  }

  EngineSignals signals() {
    lock.lock();
    try {
      return model.signals();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      live.forEach(Generation::abort);
      busy.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    boolean open = true;
    while (open) {
      lock.lock();
      try {
        open = awaitIterationEnd();
        if (open) {
          iterate(model.iterationEnd());
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Says false once the engine is closed. */
  private boolean awaitIterationEnd() {
    try {
      long left = nanosToIterationEnd();
      while (!closed && left > 0) {
        left = Math.min(busy.awaitNanos(left), nanosToIterationEnd());
      }
    } catch (InterruptedException e) {
      closed = true;
    }
    return !closed;
  }

  private long nanosToIterationEnd() {
    long end = model.iterationEnd();
    return end == EngineModel.IDLE ? Long.MAX_VALUE : end - System.nanoTime();
  }

  private void iterate(long end) {
    lastEnd = end;
    IterationListener<Generation> listener =
        (generation, tokens, last) -> token(generation, tokens, last, end);
    model.endIteration(listener);
    toWake.forEach(Generation::wake);
    toWake.clear();
  }

  private void token(Generation generation, int tokens, boolean last, long now) {
    generation.grown(tokens, now);
    if (tokens == 1) {
      generation.firstNanos = now;
      metrics.firstToken(generation, now);
    } else {
      metrics.nextToken(now - generation.lastNanos);
    }
    generation.lastNanos = now;
    if (last) {
      live.remove(generation);
      metrics.answered(generation, now);
    }
    if (generation.wants(last)) {
      toWake.add(generation);
    }
  }
}
