package io.weir.sim;

import io.weir.routing.engine.Ticket;
import io.weir.routing.engine.Work;
import java.util.concurrent.locks.LockSupport;

/**
 * One answer coming into being. The engine's thread counts its tokens up; one other thread waits
 * for them.
 */
final class Generation {
  /** {@link #await} says this once the answer will not be finished. */
  static final int ABORTED = -1;

  final Work work;
  final long submittedNanos;

  /** Set once, by the thread that submits; read under the engine's lock. */
  Ticket<Generation> ticket;

  /** Times that only the engine's thread touches. */
  long firstNanos;

  long lastNanos;

  private final boolean eachToken;
  private final boolean distant;
  private final DelayLine line;
  private volatile int tokens;
  private volatile boolean aborted;
  private volatile Thread waiter;

  /**
   * A generation not yet submitted.
   *
   * @param eachToken whether the waiting thread wants every token, or only the last
   * @param delayNanos time from the engine to the client
   */
  Generation(Work work, boolean eachToken, long delayNanos, long now) {
    this.work = work;
    this.eachToken = eachToken;
    this.distant = delayNanos > 0;
    this.line = new DelayLine(delayNanos);
    this.submittedNanos = now;
  }

  /**
   * Waits until more than some tokens are there.
   *
   * @return how many are, or {@link #ABORTED}
   */
  int await(int seen) {
    waiter = Thread.currentThread();
    while (!aborted) {
      long now = System.nanoTime();
      int visible = distant ? line.arrived(now) : tokens;
      if (visible > seen) {
        return visible;
      }
      long pause = distant ? line.untilNext(now) : Long.MAX_VALUE;
      if (pause == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, pause);
      }
      if (Thread.currentThread().isInterrupted()) {
        return ABORTED;
      }
    }
    return ABORTED;
  }

  /** Waits for the whole answer; how many tokens, or {@link #ABORTED}. */
  int awaitAll() {
    return await(work.outputTokens() - 1);
  }

  /** The engine made one more token. */
  void grown(int count, long now) {
    if (distant) {
      line.enter(now, count);
    }
    tokens = count;
  }

  /** Whether the waiting thread should be told of a token. */
  boolean wants(boolean last) {
    return eachToken || last;
  }

  void wake() {
    LockSupport.unpark(waiter);
  }

  void abort() {
    aborted = true;
    wake();
  }
}
