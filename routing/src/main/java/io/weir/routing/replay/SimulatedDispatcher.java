package io.weir.routing.replay;

import java.util.ArrayDeque;
import java.util.List;

/** Holds requests until an engine has room, then sends them where its policy says. */
final class SimulatedDispatcher {
  /** Sends a request to the engine it names. */
  interface Sender {
    void send(LiveRequest request, long now);
  }

  final int source;
  final List<EngineSeen> engines;
  private final Chooser chooser;
  private final Sender sender;
  private final Seeds seeds;
  private final ArrayDeque<LiveRequest> ready = new ArrayDeque<>();

  SimulatedDispatcher(
      int source, List<EngineSeen> engines, Chooser chooser, Sender sender, Seeds seeds) {
    this.source = source;
    this.engines = engines;
    this.chooser = chooser;
    this.sender = sender;
    this.seeds = seeds;
  }

  void arrive(LiveRequest request, long now) {
    ready.add(request);
    dispatch(now);
  }

  void first(LiveRequest request, long now) {
    engines.get(request.engine).first(request);
    chooser.first(request, now);
  }

  void next(LiveRequest request, long gapNanos, long now) {
    engines.get(request.engine).next(gapNanos, now);
  }

  void finished(LiveRequest request, long now) {
    engines.get(request.engine).finished(now);
    chooser.finished(request, now);
    dispatch(now);
  }

  /** Samples or weights have changed. */
  void refreshed(long now) {
    chooser.refreshed(engines, now);
    dispatch(now);
  }

  private void dispatch(long now) {
    while (!ready.isEmpty()) {
      LiveRequest request = ready.peek();
      int engine = chooser.choose(request, engines, now, seeds.next());
      if (engine == Chooser.NONE) {
        return;
      }
      ready.remove();
      request.engine = engine;
      request.dispatched = now;
      chooser.dispatched(request, now);
      engines.get(engine).dispatched(request, now);
      sender.send(request, now);
    }
  }
}
