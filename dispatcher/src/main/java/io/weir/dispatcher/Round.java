package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerPublisher;
import io.weir.dispatcher.answer.StreamRelay;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * One try at a request: a call of one engine, and of a second one if the first is late and the pool
 * hedges. Whose first token comes first is published; the other's connection is closed.
 */
final class Round implements EngineCall.Race, Preemptible {
  private final EngineCall.Tools tools;
  private final Attempts attempts;
  private final DispatcherMetrics metrics;
  private final PoolDesk desk;
  private final AnswerPublisher publisher;
  private final AtomicReference<Winner> winner = new AtomicReference<>();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private volatile Optional<EngineCall> first = Optional.empty();
  private volatile Optional<EngineCall> second = Optional.empty();

  /** Whose answer is published; nobody's if the request has to give up its place. */
  private record Winner(Optional<EngineCall> call) {
    static final Winner NOBODY = new Winner(Optional.empty());
  }

  /**
   * How a try ended.
   *
   * @param call the one that counts
   * @param engines all that were asked
   */
  record Outcome(EngineCall call, CallResult result, Set<String> engines) {}

  Round(
      EngineCall.Tools tools,
      Attempts attempts,
      DispatcherMetrics metrics,
      PoolDesk desk,
      AnswerPublisher publisher) {
    this.tools = tools;
    this.attempts = attempts;
    this.metrics = metrics;
    this.desk = desk;
    this.publisher = publisher;
  }

  /** Asks an engine, whose slot is taken and is given back. */
  Outcome run(Placement.Run place, Ask ask) {
    EngineCall call = new EngineCall(tools, place, publisher, ask, this);
    first = Optional.of(call);
    boolean yields = ask.begun().isEmpty() && desk.mayPreempt(place.held());
    if (yields) {
      desk.began(this);
    }
    try {
      return run(call, place, ask);
    } finally {
      if (yields) {
        desk.ended(this);
      }
    }
  }

  private Outcome run(EngineCall call, Placement.Run place, Ask ask) {
    Optional<CompletableFuture<Optional<Outcome>>> hedge =
        ask.mayHedge()
            ? desk.late(place.held().request())
                .map(late -> attempts.supply(() -> hedge(place, ask, late)))
            : Optional.empty();
    CallResult result = call(call);
    settled.complete(null);
    Outcome mine = new Outcome(call, result, Set.of(call.engine().id()));
    boolean decided =
        isWinner(call)
            || (result instanceof CallResult.Failed failed
                && failed.stage() == CallResult.Stage.BEGUN);
    if (hedge.isEmpty() || decided) {
      return mine;
    }
    return hedge.get().join().map(other -> later(mine, other)).orElse(mine);
  }

  /** Of two of which the first was not the faster. */
  private static Outcome later(Outcome mine, Outcome other) {
    return other.result() instanceof CallResult.Beaten
        ? mine
        : new Outcome(
            other.call(),
            other.result(),
            Set.of(mine.call().engine().id(), other.call().engine().id()));
  }

  private Optional<Outcome> hedge(Placement.Run place, Ask ask, Duration late) {
    if (isSettledWithin(late) || winner.get() != null) {
      return Optional.empty();
    }
    Held held = place.held();
    Optional<Placement.Run> other = desk.hedge(held.avoiding(Set.of(place.engine().id())));
    if (other.isEmpty()) {
      return Optional.empty();
    }
    metrics.hedged();
    tools.lifecycle().note(tools.events().dispatched(held, other.get().decision()));
    EngineCall call = new EngineCall(tools, other.get(), publisher, ask, this);
    second = Optional.of(call);
    if (winner.get() != null) {
      call.beaten();
    }
    CallResult result = call(call);
    if (isWinner(call)) {
      metrics.hedgeWon();
    }
    return Optional.of(new Outcome(call, result, Set.of(call.engine().id())));
  }

  /** The streams it has begun. */
  List<StreamRelay> streams() {
    return Stream.of(first, second)
        .flatMap(Optional::stream)
        .flatMap(call -> call.stream().stream())
        .toList();
  }

  private boolean isSettledWithin(Duration time) {
    try {
      settled.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return true;
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  private CallResult call(EngineCall call) {
    metrics.dispatched(call.engine().id());
    Ending ending = Ending.UNKNOWN;
    try {
      CallResult result = call.run();
      ending = Ending.of(result);
      return result;
    } finally {
      attempts.carryOut(desk, desk.freed(call.engine(), ending));
    }
  }

  @Override
  public boolean first(EngineCall call) {
    if (winner.get() != null || !winner.compareAndSet(null, new Winner(Optional.of(call)))) {
      return isWinner(call);
    }
    settled.complete(null);
    first.filter(each -> each != call).ifPresent(EngineCall::beaten);
    second.filter(each -> each != call).ifPresent(EngineCall::beaten);
    return true;
  }

  private boolean isWinner(EngineCall call) {
    Winner now = winner.get();
    return now != null && now.call().filter(each -> each == call).isPresent();
  }

  @Override
  public void preempt() {
    if (winner.compareAndSet(null, Winner.NOBODY)) {
      settled.complete(null);
      first.ifPresent(EngineCall::beaten);
      second.ifPresent(EngineCall::beaten);
    }
  }

  @Override
  public void token(EngineCall call, double millis) {
    attempts.carryOut(desk, desk.firstToken(call.engine(), millis));
  }
}
