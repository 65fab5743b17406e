package io.weir.routing.replay;

import io.weir.routing.engine.EngineModel;
import io.weir.routing.engine.EngineSignals;
import io.weir.routing.engine.Work;
import io.weir.schemas.EngineSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An engine in virtual time. What only it knows stays here; what it reports are its signals. */
final class SimulatedEngine {
  /** Told what requests get, at the engine and when the engine makes it. */
  interface Watcher {
    /** A request's first token. */
    void first(LiveRequest request, long now);

    /**
     * A token after the first.
     *
     * @param gapNanos since the one before
     */
    void next(LiveRequest request, long gapNanos, long now);

    /** A request's last token. */
    void last(LiveRequest request, long now);
  }

  final ReplayEngine spec;
  final int index;
  private final EngineModel<LiveRequest> model;
  private final VirtualTime time;
  private final Watcher watcher;
  private final FirstTokenTimes firstTokenTimes = new FirstTokenTimes();
  private final List<LiveRequest> first = new ArrayList<>();
  private final List<LiveRequest> last = new ArrayList<>();
  private final VirtualTime.Event iterationEnd = this::endIteration;
  private final Telemetry telemetry = new Telemetry();
  private long prefillBacklog;

  SimulatedEngine(ReplayEngine spec, int index, VirtualTime time, Watcher watcher) {
    this.spec = spec;
    this.index = index;
    this.model = new EngineModel<>(spec.profile());
    this.time = time;
    this.watcher = watcher;
  }

  void submit(LiveRequest request, long now) {
    boolean idle = model.iterationEnd() == EngineModel.IDLE;
    request.submitted = now;
    prefillBacklog += request.trace.promptTokens();
    request.backlogMet = prefillBacklog;
    request.ticket =
        Optional.of(
            model.submit(
                now,
                request,
                new Work(
                    request.trace.promptTokens(),
                    request.trace.outputTokens(),
                    request.trace.blockHashes())));
    if (idle) {
      time.at(model.iterationEnd(), iterationEnd);
    }
  }

  boolean fits(TraceRequest request) {
    return model.fits(Work.unshared(request.promptTokens(), request.outputTokens()));
  }

  void slowDown(double factor) {
    model.slowDown(factor);
  }

  EngineSignals signals() {
    return model.signals();
  }

  /** What its metrics say now. */
  EngineSample sample(long now) {
    return telemetry.sample(spec.id(), model.signals(), now);
  }

  int inFlight() {
    EngineSignals signals = model.signals();
    return signals.running() + signals.waiting();
  }

  /** Prompt tokens of requests without a first token, whether cached or not. */
  long prefillBacklog() {
    return prefillBacklog;
  }

  /** Nanoseconds to the first token of a request that came now, as a probe's answer tells. */
  double expectedFirstToken() {
    return firstTokenTimes.expected(prefillBacklog);
  }

  private void endIteration(long now) {
    model.endIteration(
        (request, tokens, done) -> {
          if (tokens == 1) {
            first.add(request);
            prefillBacklog -= request.trace.promptTokens();
            telemetry.first(request, now);
            firstTokenTimes.first(request, request.backlogMet, now);
          } else {
            telemetry.next(now - request.newestToken);
            watcher.next(request, now - request.newestToken, now);
          }
          request.newestToken = now;
          if (done) {
            telemetry.finished();
            last.add(request);
          }
        });
    if (model.iterationEnd() != EngineModel.IDLE) {
      time.at(model.iterationEnd(), iterationEnd);
    }
    first.forEach(request -> watcher.first(request, now));
    first.clear();
    last.forEach(request -> watcher.last(request, now));
    last.clear();
  }
}
