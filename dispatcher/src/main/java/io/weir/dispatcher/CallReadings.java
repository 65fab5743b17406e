package io.weir.dispatcher;

import java.time.Duration;

/** What one call's course tells about its engine, told while it runs. */
final class CallReadings {
  private static final long REPORT_NANOS = Duration.ofMillis(200).toNanos();

  private final EngineSlots engine;
  private final int pendingTokens;
  private final boolean stream;
  private final long sentAt;
  private boolean pending = true;
  private int events;
  private long at;

  /** A call that begins now, on the monotonic clock. */
  CallReadings(Placement.Run run, long nanos) {
    this.engine = run.engine();
    this.pendingTokens = run.uncachedTokens();
    this.stream = run.held().request().getStream();
    this.sentAt = nanos;
  }

  /** A stream's data events had so many by a time on the monotonic clock. */
  void saw(int allEvents, long nanos) {
    if (events == 0) {
      // The first comes after the prefill, which is not decoding.
      over(nanos);
      events = allEvents;
      at = nanos;
    } else if (nanos - at >= REPORT_NANOS) {
      report(allEvents, nanos);
    }
  }

  /** A stream has ended, with so many tokens as the engine counts them. */
  void ended(int allEvents, long tokens, long nanos) {
    if (events > 0 && allEvents > events) {
      report(allEvents, nanos);
    }
    engine.tpot().ended(allEvents, tokens);
  }

  /** The prompt is computed, or will not be. */
  void over(long nanos) {
    if (!pending) {
      return;
    }
    pending = false;
    if (stream) {
      engine.backlog().begun(pendingTokens);
    } else {
      engine.backlog().endedWhole(pendingTokens, sentAt, nanos);
    }
  }

  private void report(int allEvents, long nanos) {
    engine.tpot().add(allEvents - events, nanos - at, nanos);
    events = allEvents;
    at = nanos;
  }
}
