package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerPublisher;
import io.weir.dispatcher.answer.GeneratedText;
import io.weir.dispatcher.answer.StreamRelay;
import io.weir.routing.retry.RetryPolicy;
import io.weir.routing.retry.Retryability;
import io.weir.schemas.Attempt;
import io.weir.schemas.Failure;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.TokenUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its first engine to its terminal: asks engines until one has answered or nothing
 * more may be tried. Runs on one virtual thread.
 */
final class RequestRun {
  private static final Logger LOG = LoggerFactory.getLogger(RequestRun.class);

  /** How late a request that waits between two engines hears that it must not go on. */
  private static final Duration LOOK = Duration.ofMillis(50);

  private final EngineCall.Tools tools;
  private final Conclusions conclusions;
  private final Attempts attempts;
  private final DispatcherMetrics metrics;
  private final PoolDesk desk;
  private Held held;
  private AnswerPublisher publisher;
  private Ask ask;
  private int retries;
  private double chargedTokens;
  private boolean workStarted;

  RequestRun(
      EngineCall.Tools tools,
      Conclusions conclusions,
      Attempts attempts,
      DispatcherMetrics metrics,
      PoolDesk desk,
      Held held) {
    this.tools = tools;
    this.conclusions = conclusions;
    this.attempts = attempts;
    this.metrics = metrics;
    this.desk = desk;
    this.held = held;
    this.publisher = conclusions.publisher(held);
    this.ask = original();
  }

  private Ask original() {
    if (Ask.Response.isFor(held.request())) {
      return Ask.Response.of(held.request(), publisher, tools.answers());
    }
    return new Ask.Original(
        held.request().getBody(),
        publisher,
        tools.answers(),
        Resumption.isPossible(desk, held.request()) ? Ask.Text.KEPT : Ask.Text.FORGOTTEN);
  }

  /** Runs it, beginning on an engine whose slot is taken. */
  void run(Placement.Run first) {
    chargedTokens = first.chargedTokens();
    Optional<Placement.Run> place = begin(first);
    while (place.isPresent()) {
      LOG.debug(
          "dispatched request_id={} attempt_id={} engine={} policy={}",
          held.request().getId(),
          held.attempt().getId(),
          place.get().engine().id(),
          place.get().decision().getPolicy());
      Round round = new Round(tools, attempts, metrics, desk, publisher);
      Round.Outcome outcome;
      try {
        outcome = round.run(place.get(), ask);
      } finally {
        round.streams().forEach(tools.coalescer()::remove);
      }
      record(outcome.call());
      place = next(outcome);
    }
  }

  /** An answer that another dispatcher has begun is gone on with, or broken off for good. */
  private Optional<Placement.Run> begin(Placement.Run first) {
    if (held.continues().isEmpty() || takeOver(first)) {
      return Optional.of(first);
    }
    conclude(Optional.empty(), Events.Work.NONE, cannotGoOn());
    return Optional.empty();
  }

  /** Asks an engine to go on with what another attempt has published; false if that cannot be. */
  private boolean takeOver(Placement.Run place) {
    return goOn(
        place,
        resumption ->
            held.continues().flatMap(so -> resumption.of(publisher, so.text(), place.engine())));
  }

  /** Asks an engine to go on with a text; if that cannot be, its slot is given back. */
  private boolean goOn(Placement.Run place, Function<Resumption, Optional<Ask>> from) {
    Optional<Ask> next = Optional.empty();
    try {
      if (place.engine().terms().continues()) {
        next = from.apply(new Resumption(tools, held.request()));
      }
    } finally {
      if (next.isEmpty()) {
        attempts.giveBack(desk, place);
      }
    }
    if (next.isPresent()) {
      metrics.continued();
      ask = next.get();
    }
    return next.isPresent();
  }

  private static Failure cannotGoOn() {
    return FailureReason.INTERRUPTED.failure(
        "the answer broke off, and no engine can go on with it");
  }

  private void record(EngineCall call) {
    call.work()
        .timings()
        .ifPresent(
            timings -> {
              String engine = call.engine().id();
              metrics.engineTime(engine, timings.getEngineMicros());
              timings.getFirstByteMicros().ifPresent(micros -> metrics.firstByte(engine, micros));
            });
  }

  /** Where the request is to be run next; empty if it has ended. */
  private Optional<Placement.Run> next(Round.Outcome outcome) {
    return switch (outcome.result()) {
      case CallResult.Ended(Optional<Failure> rejection) -> {
        outcome.call().work().usage().ifPresent(usage -> used(usage, rejection));
        conclusions.conclude(
            held, publisher, FailureReason.terminal(rejection), outcome.call().work(), rejection);
        yield Optional.empty();
      }
      case CallResult.Failed(Failure failure, CallResult.Stage stage) -> {
        workStarted |= failure.getWorkStarted();
        yield switch (stage) {
          case UNBEGUN -> again(outcome, failure);
          case BEGUN -> interrupted(outcome, failure);
        };
      }
      case CallResult.Beaten byNobody -> {
        preempted(outcome.call().engine().id());
        yield Optional.empty();
      }
    };
  }

  /** Its place was needed for priority: the request waits again where it stood, uncharged. */
  private void preempted(String engine) {
    metrics.preempted(held.requestClass());
    closeWith(
        engine, FailureReason.PREEMPTED.failure("a request of class priority needed its place"));
    attempts.carryOut(desk, desk.preempted(held, chargedTokens));
  }

  /** Tries again elsewhere, if that is allowed. */
  private Optional<Placement.Run> again(Round.Outcome outcome, Failure failure) {
    return switch (desk.retry(held, failure.getReason(), retries + 1)) {
      case RetryPolicy.Decision.GiveUp(RetryPolicy.Cause cause) -> {
        metrics.gaveUp(cause);
        yield end(outcome.call(), failure);
      }
      case RetryPolicy.Decision.Again(Duration pause) -> {
        retries++;
        metrics.retried(failure.getReason());
        further(outcome, failure);
        Optional<Placement.Run> place = place(pause, Need.of(held), outcome.call());
        if (place.isPresent() && held.continues().isPresent() && !takeOver(place.get())) {
          yield end(outcome.call(), cannotGoOn());
        }
        yield place;
      }
    };
  }

  /** Lets another engine go on with a stream that broke off, if that is wanted and possible. */
  private Optional<Placement.Run> interrupted(Round.Outcome outcome, Failure failure) {
    Optional<StreamRelay> broken =
        outcome.call().stream()
            .filter(relay -> relay.text().filter(GeneratedText::isPlain).isPresent());
    if (broken.isEmpty() || !Retryability.retryable(failure.getReason())) {
      return end(outcome.call(), failure);
    }
    StreamRelay stream = broken.get();
    stream.cut();
    GeneratedText text = stream.text().orElseThrow();
    if (text.isFinished()) {
      return finished(outcome.call(), stream, failure);
    }
    return switch (desk.retry(held, failure.getReason(), retries + 1)) {
      case RetryPolicy.Decision.GiveUp(RetryPolicy.Cause cause) -> {
        metrics.gaveUp(cause);
        yield end(outcome.call(), failure);
      }
      case RetryPolicy.Decision.Again(Duration pause) -> {
        retries++;
        held = held.avoiding(outcome.engines());
        Optional<Placement.Run> place = place(pause, Need.CONTINUES, outcome.call());
        if (place.isPresent()
            && !goOn(place.get(), resumption -> resumption.of(stream, place.get().engine()))) {
          yield end(outcome.call(), failure);
        }
        yield place;
      }
    };
  }

  /** The text was whole, and only the mark after it is missing. */
  private Optional<Placement.Run> finished(EngineCall last, StreamRelay stream, Failure failure) {
    if (!Resumption.markEnd(stream)) {
      return end(last, failure);
    }
    Events.Work work = last.work();
    stream.finish(
        (bytes, events) -> new ResponseEnd(null, work.usage().orElse(null), bytes, events));
    work.usage().ifPresent(usage -> used(usage, Optional.empty()));
    conclusions.conclude(
        held, publisher, FailureReason.terminal(Optional.empty()), work, Optional.empty());
    return Optional.empty();
  }

  /** Tells what it cost in the end. */
  private void used(TokenUsage usage, Optional<Failure> failure) {
    if (failure.isEmpty()) {
      desk.answered(held, chargedTokens, usage);
    } else {
      desk.used(held, chargedTokens, usage);
    }
  }

  /** Another attempt takes the place of the one that failed, whatever engine will run it. */
  private void further(Round.Outcome outcome, Failure failure) {
    held = held.avoiding(outcome.engines());
    closeWith(outcome.call().engine().id(), failure);
    publisher = conclusions.publisher(held);
    ask = original();
  }

  /** Closes the attempt, with why, and claims the next one. */
  private void closeWith(String engine, Failure failure) {
    Attempt before = held.attempt();
    held =
        held.further(
            new Attempt(AttemptIds.next(), before.getNumber() + 1),
            ClaimState.ofFurtherAttempt(held.tenure()));
    tools
        .lifecycle()
        .claim(tools.events().retried(held, before.getId(), engine, failure), held.claim());
  }

  /** Waits for a while, and for an engine after that. */
  private Optional<Placement.Run> place(Duration pause, Need need, EngineCall last) {
    Optional<Failure> stop = rest(pause);
    if (stop.isPresent()) {
      return end(last, stop.get());
    }
    CompletableFuture<Placement.Run> engine = desk.again(held, need);
    while (!settles(engine, LOOK)) {
      stop = stopped();
      if (stop.isPresent()) {
        desk.waitNoMore(engine).ifPresent(run -> attempts.giveBack(desk, run));
        return end(last, stop.get());
      }
    }
    Placement.Run run = engine.join();
    tools.lifecycle().note(tools.events().dispatched(held, run.decision()));
    return Optional.of(run);
  }

  /** Why the request must not go on, if that turned out meanwhile. */
  private Optional<Failure> rest(Duration pause) {
    long until = tools.watchdog().after(pause);
    Optional<Failure> stop = stopped();
    CompletableFuture<Void> never = new CompletableFuture<>();
    while (stop.isEmpty()) {
      long left = until - tools.nanoClock().getAsLong();
      if (left <= 0) {
        break;
      }
      settles(never, left < LOOK.toNanos() ? Duration.ofNanos(left) : LOOK);
      stop = stopped();
    }
    return stop;
  }

  private Optional<Failure> stopped() {
    Optional<Watchdog.Bite> refusal = tools.custody().refusal(held);
    if (refusal.isPresent()) {
      return Optional.of(
          refusal.get() == Watchdog.Bite.CANCELLED
              ? FailureReason.CANCELLED.failure("the request was cancelled meanwhile")
              : stop());
    }
    if (attempts.isStopping()) {
      return Optional.of(stop());
    }
    return tools.clock().millis() >= held.expiresAtMillis()
        ? Optional.of(
            FailureReason.DEADLINE_PASSED.failure(
                "no engine was free for another try before its deadline"))
        : Optional.empty();
  }

  private static Failure stop() {
    return FailureReason.DISPATCHER_STOPPED.failure("the dispatcher was stopped meanwhile");
  }

  private static boolean settles(CompletableFuture<?> future, Duration time) {
    try {
      future.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException later) {
      return false;
    } catch (InterruptedException stopped) {
      throw new IllegalStateException("interrupted while it waited for an engine", stopped);
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  private Optional<Placement.Run> end(EngineCall last, Failure failure) {
    conclude(last.stream().filter(StreamRelay::isOpen), last.work(), failure);
    return Optional.empty();
  }

  private void conclude(Optional<StreamRelay> begun, Events.Work work, Failure failure) {
    Failure whole =
        workStarted && !failure.getWorkStarted()
            ? Failure.newBuilder(failure).setWorkStarted(true).setRetrySafe(false).build()
            : failure;
    AnswerPublisher.EndOf end =
        (bytes, events) -> new ResponseEnd(whole, work.usage().orElse(null), bytes, events);
    begun.ifPresentOrElse(relay -> relay.finish(end), () -> publisher.publishEnd(end));
    Optional<Failure> why = Optional.of(whole);
    work.usage().ifPresent(usage -> used(usage, why));
    conclusions.conclude(held, publisher, FailureReason.terminal(why), work, why);
  }
}
