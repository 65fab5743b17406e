package io.weir.dispatcher;

import io.weir.dispatcher.Watchdog.Bite;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the desks decide, each request on a virtual thread of its own. */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final ThreadFactory threads = Thread.ofVirtual().name("weir-attempt-", 0).factory();
  private final AtomicInteger active = new AtomicInteger();
  private final EngineCall.Tools tools;
  private final Conclusions conclusions;
  private final DispatcherMetrics metrics;
  private volatile boolean stopping;

  Attempts(EngineCall.Tools tools, Conclusions conclusions, DispatcherMetrics metrics) {
    this.tools = tools;
    this.conclusions = conclusions;
    this.metrics = metrics;
  }

  /** How many requests are running or waiting for Kafka to take their end. */
  int active() {
    return active.get();
  }

  /** A request from its lane: runs it at once if it can, and claims it in any case. */
  void arrived(PoolDesk desk, Held held) {
    Optional<Bite> refusal = tools.custody().refusal(held);
    if (refusal.isPresent()) {
      if (refusal.get() == Bite.CANCELLED) {
        tools.lifecycle().claim(tools.events().claimed(held), held.claim());
        cancelled(held);
      }
      return;
    }
    switch (desk.arrived(held)) {
      case Placement.Run run ->
          start(
              () -> {
                tools
                    .lifecycle()
                    .claim(tools.events().claimedAndDispatched(held, run.decision()), held.claim());
                run(desk, run);
              });
      case Placement.Drop(Held dropped, Dropped why) -> {
        tools.lifecycle().claim(tools.events().claimed(dropped), dropped.claim());
        dropped(dropped, why);
      }
      case Placement.Wait wait -> {
        // Before anyone can dispatch it, so that the claim comes first in the log.
        tools.lifecycle().claim(tools.events().claimed(held), held.claim());
        carryOut(desk, desk.enqueue(wait.ready()));
      }
    }
  }

  /** Requests that were claimed before. */
  void carryOut(PoolDesk desk, List<Placement> placements) {
    for (Placement placement : placements) {
      switch (placement) {
        case Placement.Run run ->
            start(
                () -> {
                  Optional<Bite> refusal = tools.custody().refusal(run.held());
                  if (refusal.isPresent()) {
                    refused(desk, run, refusal.get());
                    return;
                  }
                  tools.lifecycle().note(tools.events().dispatched(run.held(), run.decision()));
                  run(desk, run);
                });
        case Placement.Drop(Held held, Dropped why) -> dropped(held, why);
        case Placement.Wait wait ->
            throw new IllegalStateException("a claimed request waits in its queue: " + wait);
      }
    }
  }

  /** Ends a request whose time was over when it came. */
  void expiredUnclaimed(Held held) {
    tools.lifecycle().claim(tools.events().claimed(held), held.claim());
    dropped(held, Dropped.EXPIRED);
  }

  /** Ends a request that no engine is to see. */
  private void dropped(Held held, Dropped why) {
    metrics.dropped(held.requestClass(), held.request().getTenant(), why.reason());
    start(
        () ->
            conclusions.withoutEngine(
                held, why.terminal(), why.failure(held.attempt().getNumber())));
  }

  /** Ends a request that somebody who may wants to end, and that no engine has seen. */
  void cancelled(Held held) {
    Failure failure =
        FailureReason.CANCELLED_BEFORE.failure("the request was cancelled before an engine had it");
    start(() -> conclusions.withoutEngine(held, LifecycleType.CANCELLED, failure));
  }

  /** Ends a request that was to be run again and whose record is gone. */
  void lost(Held held) {
    tools.lifecycle().claim(tools.events().claimed(held), held.claim());
    Failure failure =
        FailureReason.ORIGINAL_LOST.failure(
            "the request was to be run again, but its record is not in its lane any more");
    start(() -> conclusions.withoutEngine(held, LifecycleType.FAILED, failure));
  }

  /** Ends a request that the dispatcher was stopped with. */
  void stopped(Held held) {
    Failure failure =
        FailureReason.DISPATCHER_STOPPED_BEFORE.failure(
            "the dispatcher was stopped before an engine was free");
    start(() -> conclusions.withoutEngine(held, LifecycleType.FAILED, failure));
  }

  /** A request that was let go while it waited: its slot is another's. */
  private void refused(PoolDesk desk, Placement.Run run, Bite reason) {
    desk.unused(run);
    giveBack(desk, run);
    if (reason == Bite.CANCELLED) {
      cancelled(run.held());
    }
  }

  /** Gives back a slot that nothing was sent to. */
  void giveBack(PoolDesk desk, Placement.Run run) {
    long now = tools.nanoClock().getAsLong();
    new CallReadings(run, now).over(now);
    carryOut(desk, desk.freed(run.engine(), Ending.UNKNOWN));
  }

  /** Does something on a virtual thread of its own. */
  <T> CompletableFuture<T> supply(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    start(
        () -> {
          try {
            result.complete(work.get());
          } catch (RuntimeException fault) {
            result.completeExceptionally(fault);
            throw fault;
          }
        });
    return result;
  }

  /** Requests between two engines end; those on one are the watchdog's. */
  void stopNow() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }

  private void run(PoolDesk desk, Placement.Run run) {
    new RequestRun(tools, conclusions, this, metrics, desk, run.held()).run(run);
  }

  private void start(Runnable task) {
    active.incrementAndGet();
    threads
        .newThread(
            () -> {
              try {
                task.run();
              } catch (RuntimeException fault) {
                LOG.error("attempt ended by a fault", fault);
              } finally {
                active.decrementAndGet();
              }
            })
        .start();
  }
}
