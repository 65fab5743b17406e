package io.weir.dispatcher;

import io.weir.routing.fleet.Pool;
import io.weir.routing.retry.HedgePolicy;
import io.weir.routing.retry.RecentTimes;
import io.weir.routing.retry.RetryBudget;
import io.weir.routing.retry.RetryPolicy;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a pool keeps of requests that are tried more than once: what they may cost, which of them
 * wait for an engine, and when an answer is late. Guarded by the pool's lock.
 */
final class FurtherAttempts {
  /** First tokens of the pool by which an answer is late. */
  private static final int FIRST_TOKENS = 256;

  private final Terms terms;
  private final boolean hedges;
  private final RetryBudget budget;
  private final RecentTimes firstTokens = new RecentTimes(FIRST_TOKENS);
  private final List<Waiting> waiting = new ArrayList<>();

  /** How a dispatcher tries again. */
  record Terms(RetryPolicy retries, HedgePolicy hedges) {}

  FurtherAttempts(Pool pool, Terms terms, long nowNanos) {
    this.terms = terms;
    this.hedges = pool.hedge();
    this.budget = new RetryBudget(terms.retries(), nowNanos);
  }

  /** A request was sent for the first time. */
  void first(long nowNanos) {
    budget.deposit(nowNanos);
  }

  /** Retries and hedges that may be made now. */
  double balance(long nowNanos) {
    return budget.balance(nowNanos);
  }

  /** Whether a request is tried again. */
  RetryPolicy.Decision decide(
      String reason, int retry, Duration soonest, Duration left, double uniform, long nowNanos) {
    return terms.retries().decide(reason, retry, soonest, left, uniform, budget, nowNanos);
  }

  /** Takes what a hedge costs; false if that is too much. */
  boolean mayHedge(long nowNanos) {
    return budget.withdraw(nowNanos);
  }

  void firstToken(double millis) {
    firstTokens.add(millis);
  }

  /** When the answer to a request is late; empty if that does not matter. */
  Optional<Duration> late(InferenceRequest request) {
    return hedges && request.getStream() && request.getRequestClass() == RequestClass.PRIORITY
        ? terms.hedges().delay(firstTokens)
        : Optional.empty();
  }

  void add(Waiting request) {
    waiting.add(request);
  }

  int size() {
    return waiting.size();
  }

  int size(RequestClass requestClass) {
    return (int)
        waiting.stream().filter(each -> each.held().requestClass() == requestClass).count();
  }

  /** Places those that can be; what nobody waits for comes back. */
  List<Placement> place(Function<Waiting, Optional<Placement.Run>> pick) {
    List<Placement> placements = new ArrayList<>(2);
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting request = each.next();
      Optional<Placement.Run> run = pick.apply(request);
      if (run.isPresent()) {
        each.remove();
        request
            .runner()
            .ifPresentOrElse(runner -> runner.complete(run.get()), () -> placements.add(run.get()));
      }
    }
    return placements;
  }

  /** Takes out those that nobody waits for and that a test holds for. */
  List<Held> removeIf(Predicate<Held> test) {
    List<Held> removed = new ArrayList<>();
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting request = each.next();
      if (request.runner().isEmpty() && test.test(request.held())) {
        each.remove();
        removed.add(request.held());
      }
    }
    return removed;
  }

  /** Takes out a request whose runner waits no more. */
  void remove(CompletableFuture<Placement.Run> runner) {
    waiting.removeIf(each -> each.runner().filter(runner::equals).isPresent());
  }
}
