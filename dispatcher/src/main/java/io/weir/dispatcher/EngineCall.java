package io.weir.dispatcher;

import io.weir.dispatcher.CallResult.Stage;
import io.weir.dispatcher.Watchdog.Watch;
import io.weir.dispatcher.answer.AnswerLimits;
import io.weir.dispatcher.answer.AnswerPublisher;
import io.weir.dispatcher.answer.Coalescer;
import io.weir.dispatcher.answer.StreamRelay;
import io.weir.dispatcher.answer.StreamRelay.Progress;
import io.weir.dispatcher.answer.WholeRelay;
import io.weir.dispatcher.http.BadAnswerException;
import io.weir.dispatcher.http.Exchange;
import io.weir.dispatcher.http.RequestHead;
import io.weir.dispatcher.http.ResponseHeader;
import io.weir.dispatcher.http.UnreachableException;
import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import io.weir.schemas.Timings;
import io.weir.schemas.TokenUsage;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of one engine, from the request's first byte to the answer's end. Runs on a virtual
 * thread of its own.
 */
final class EngineCall {
  private static final Logger LOG = LoggerFactory.getLogger(EngineCall.class);

  /** After a stream's last event nothing is waited for but the connection's being free again. */
  private static final Duration TAIL = Duration.ofSeconds(1);

  private final Tools tools;
  private final Held held;
  private final EngineSlots engine;
  private final WeightsMark weights;
  private final CallReadings readings;
  private final AnswerPublisher publisher;
  private final Ask ask;
  private final Race race;
  private final long started;
  private final long queuedMicros;
  private Optional<StreamRelay> stream;
  private Optional<WholeRelay> whole = Optional.empty();
  private Optional<Watch> watch = Optional.empty();
  private boolean beaten;
  private Optional<TokenUsage> usage = Optional.empty();
  private long firstByte;
  private boolean firstByteCame;

  /** What calls share. */
  record Tools(
      CallConfig limits,
      AnswerLimits answers,
      String source,
      Watchdog watchdog,
      Coalescer coalescer,
      LifecycleLog lifecycle,
      Events events,
      EngineSights sights,
      Custody custody,
      Clock clock,
      LongSupplier nanoClock) {}

  /** Sees to it that only one call's answer is published. */
  interface Race {
    /** Asked before the first piece of an answer; false if another's was first. */
    boolean first(EngineCall call);

    /** A stream's first token came after some milliseconds. */
    void token(EngineCall call, double millis);
  }

  /** Takes note of what a request saw of its engine. */
  interface EngineSights {
    void saw(EngineSlots engine, EngineHealth.Sight sight);
  }

  EngineCall(Tools tools, Placement.Run run, AnswerPublisher publisher, Ask ask, Race race) {
    this.tools = tools;
    this.held = run.held();
    this.engine = run.engine();
    this.weights = run.weights();
    this.publisher = publisher;
    this.ask = ask;
    this.stream = ask.begun();
    this.race = race;
    this.started = tools.nanoClock().getAsLong();
    this.readings = new CallReadings(run, started);
    this.queuedMicros =
        1000 * Math.max(0, tools.clock().millis() - held.request().getEnqueuedAt().toEpochMilli());
  }

  /** Calls the engine and publishes its answer; the END too, unless it fails. */
  CallResult run() {
    try {
      return exchange();
    } catch (UnreachableException failure) {
      boolean refused = failure.getCause() instanceof ConnectException;
      tools.sights().saw(engine, refused ? EngineHealth.Sight.REFUSED : EngineHealth.Sight.FAILED);
      return fail(FailureReason.ENGINE_UNREACHABLE, failure.getMessage());
    } catch (RuntimeException fault) {
      LOG.error("request failed request_id={}", held.request().getId(), fault);
      return fail(FailureReason.DISPATCHER_ERROR, "a fault of the dispatcher; its log has more");
    } finally {
      readings.over(tools.nanoClock().getAsLong());
    }
  }

  /** Where it goes. */
  EngineSlots engine() {
    return engine;
  }

  /** The answer as far as it has come, if it is a stream. */
  Optional<StreamRelay> stream() {
    return stream;
  }

  /** Closes the connection, since another's answer came first. */
  synchronized void beaten() {
    beaten = true;
    watch.ifPresent(each -> each.abort(Watchdog.Bite.BEATEN));
  }

  private synchronized void watched(Watch mine) {
    watch = Optional.of(mine);
    if (beaten) {
      mine.abort(Watchdog.Bite.BEATEN);
    }
  }

  Events.Work work() {
    long micros = (tools.nanoClock().getAsLong() - started) / 1000;
    return new Events.Work(
        Optional.of(engine.id()),
        Optional.of(new Timings(queuedMicros, firstByteCame ? firstByte : null, micros)),
        usage);
  }

  private CallResult exchange() throws UnreachableException {
    try (Exchange exchange = engine.connections().open();
        Watch mine = tools.watchdog().over(exchange, held.request().getId())) {
      try {
        // Whatever happened before there was an exchange to abort.
        tools.custody().check(held, mine);
        watched(mine);
        return talk(exchange, mine);
      } catch (BadAnswerException bad) {
        return fail(FailureReason.ENGINE_BAD_ANSWER, bad.getMessage());
      } catch (IOException broken) {
        return switch (mine.bite()) {
          case NONE -> fail(FailureReason.ENGINE_DIED, String.valueOf(broken.getMessage()));
          case TIMEOUT -> late();
          case BEATEN -> new CallResult.Beaten();
          case STOPPED ->
              fail(FailureReason.DISPATCHER_STOPPED, "the dispatcher was stopped meanwhile");
          case CANCELLED -> fail(FailureReason.CANCELLED, "the request was cancelled meanwhile");
          // Published by nobody: the claim does not hold any more.
          case FENCED ->
              fail(FailureReason.DISPATCHER_STOPPED, "the dispatcher was taken for dead meanwhile");
        };
      }
    }
  }

  private CallResult talk(Exchange exchange, Watch mine) throws IOException {
    long deadline = tools.watchdog().after(patience(held.request()));
    mine.until(deadline);
    exchange.send(head(exchange), ask.body());
    ResponseHeader header = exchange.readHeader();
    return switch (verdict(header)) {
      case Verdict.Failed(Failure failure) -> fail(failure);
      case Verdict.Stream(ResponseHead head) -> stream(exchange, mine, deadline, head);
      case Verdict.Json(ResponseHead head) ->
          whole(
              exchange,
              mine,
              deadline,
              ask.whole(publisher, tools.answers(), head),
              Optional.empty());
      case Verdict.Rejected(ResponseHead head, Failure failure) ->
          rejected(exchange, mine, deadline, head, failure);
    };
  }

  /** The engine's own words are the answer, unless there is a beginning of another one. */
  private CallResult rejected(
      Exchange exchange, Watch mine, long deadline, ResponseHead head, Failure failure)
      throws IOException {
    if (stage() == Stage.BEGUN) {
      return new CallResult.Failed(failure, Stage.BEGUN);
    }
    if (!race.first(this)) {
      return new CallResult.Beaten();
    }
    return whole(
        exchange,
        mine,
        deadline,
        WholeRelay.opaque(publisher, tools.answers(), head),
        Optional.of(failure));
  }

  /** No longer than anyone waits for the answer. */
  private Duration patience(InferenceRequest request) {
    Duration limit =
        request.getStream() ? tools.limits().firstToken() : tools.limits().wholeAnswer();
    Duration left = Duration.ofMillis(held.expiresAtMillis() - tools.clock().millis());
    return left.compareTo(limit) < 0 ? left : limit;
  }

  private Verdict verdict(ResponseHeader header) {
    return Verdict.of(
        header,
        held.request().getStream() ? Verdict.Wanted.STREAM : Verdict.Wanted.JSON,
        engine.id(),
        queuedMicros,
        weights,
        tools.clock());
  }

  private RequestHead head(Exchange exchange) {
    InferenceRequest request = held.request();
    RequestHead head =
        exchange
            .head("POST", request.getPath())
            .header("Content-Type", request.getContentType())
            .header("Accept", request.getStream() ? "text/event-stream" : "application/json")
            .header("x-request-id", request.getId())
            .header("x-weir-source", tools.source());
    engine.terms().apiKey().ifPresent(key -> head.header("Authorization", "Bearer " + key.value()));
    request.getTraceparent().ifPresent(trace -> head.header("traceparent", trace));
    return head;
  }

  private CallResult whole(
      Exchange exchange, Watch mine, long deadline, WholeRelay relay, Optional<Failure> rejection)
      throws IOException {
    whole = Optional.of(relay);
    mine.until(deadline);
    for (int count = exchange.next(); count >= 0; count = exchange.next()) {
      firstByte();
      if (!race.first(this)) {
        return new CallResult.Beaten();
      }
      mine.rest();
      relay.accept(exchange.array(), exchange.offset(), count);
      mine.until(deadline);
    }
    mine.rest();
    if (!race.first(this)) {
      return new CallResult.Beaten();
    }
    usage = relay.endOfBody();
    relay.finish((bytes, events) -> new ResponseEnd(null, usage.orElse(null), bytes, events));
    return new CallResult.Ended(rejection);
  }

  private CallResult stream(Exchange exchange, Watch mine, long firstDeadline, ResponseHead head)
      throws IOException {
    StreamRelay relay = ask.relay(head);
    stream = Optional.of(relay);
    long deadline = firstDeadline;
    Progress progress = Progress.NONE;
    while (progress != Progress.DONE) {
      mine.until(deadline);
      int count = exchange.next();
      mine.rest();
      if (count < 0) {
        progress = relay.endOfStream();
        break;
      }
      long read = tools.nanoClock().getAsLong();
      progress = ask.accept(relay, exchange.array(), exchange.offset(), count);
      if (progress != Progress.NONE) {
        if (!open(relay)) {
          return new CallResult.Beaten();
        }
        readings.saw(relay.dataEvents(), read);
        deadline = tools.watchdog().after(tools.limits().tokenGap());
      } else {
        // What Kafka held up is not the engine's fault.
        deadline += tools.nanoClock().getAsLong() - read;
      }
      if (publisher.isBroken()) {
        // Nobody will read the rest; the connection is closed, which stops the engine.
        return fail(FailureReason.DISPATCHER_ERROR, "the answer could not be written");
      }
    }
    if (progress != Progress.DONE) {
      Optional<String> last = lastEvent();
      if (last.isPresent()) {
        return fail(FailureReason.ENGINE_DIED, "its stream ended without " + last.get());
      }
    }
    if (!open(relay)) {
      return new CallResult.Beaten();
    }
    usage = Optional.of(relay.usage(held.request().getPromptTokens()));
    readings.ended(
        relay.dataEvents(), usage.get().getCompletionTokens(), tools.nanoClock().getAsLong());
    relay.finish((bytes, events) -> new ResponseEnd(null, usage.orElse(null), bytes, events));
    readTail(exchange, mine);
    return new CallResult.Ended(Optional.empty());
  }

  /** The first token is here; false if it must not be passed on. */
  private boolean open(StreamRelay relay) {
    if (firstByteCame) {
      return true;
    }
    firstByte();
    if (!race.first(this)) {
      return false;
    }
    if (!relay.isOpen()) {
      relay.open();
      tools.lifecycle().note(tools.events().firstToken(held, engine.id()));
    }
    tools.coalescer().add(relay);
    readings.over(tools.nanoClock().getAsLong());
    race.token(this, firstByte / 1000.0);
    return true;
  }

  /** What a stream has to end with, where that is known. */
  private Optional<String> lastEvent() {
    if (Ask.Response.isFor(held.request())) {
      return Optional.of("response.completed or another last event");
    }
    return held.request().getPath().endsWith("/completions")
        ? Optional.of("data: [DONE]")
        : Optional.empty();
  }

  private void readTail(Exchange exchange, Watch mine) {
    mine.until(tools.watchdog().after(TAIL));
    try {
      while (exchange.next() >= 0) {
        // Whatever an engine sends after its last event is nobody's.
      }
    } catch (IOException unclean) {
      LOG.debug("engine={} does not end its streams: {}", engine.id(), unclean.getMessage());
    }
    mine.rest();
  }

  private void firstByte() {
    if (!firstByteCame) {
      firstByteCame = true;
      firstByte = (tools.nanoClock().getAsLong() - started) / 1000;
    }
  }

  private CallResult late() {
    boolean unbegun = !held.request().getStream() || !firstByteCame;
    return unbegun && tools.clock().millis() >= held.expiresAtMillis()
        ? fail(FailureReason.DEADLINE_PASSED, "it had not answered at the request's deadline")
        : fail(FailureReason.ENGINE_TIMEOUT, lateness());
  }

  private String lateness() {
    CallConfig limits = tools.limits();
    if (!held.request().getStream()) {
      return "it did not answer within " + limits.wholeAnswer().toMillis() + " ms";
    }
    return firstByteCame
        ? "it sent no token for " + limits.tokenGap().toMillis() + " ms"
        : "it sent no first token within " + limits.firstToken().toMillis() + " ms";
  }

  private CallResult fail(FailureReason reason, String what) {
    return fail(reason.failure(Verdict.about(engine.id(), what)));
  }

  private CallResult fail(Failure failure) {
    stream.ifPresent(relay -> usage = Optional.of(relay.usage(held.request().getPromptTokens())));
    return new CallResult.Failed(failure, stage());
  }

  private Stage stage() {
    boolean begun =
        stream.filter(StreamRelay::isOpen).isPresent()
            || whole.filter(WholeRelay::begun).isPresent();
    return begun ? Stage.BEGUN : Stage.UNBEGUN;
  }
}
