package io.weir.launcher.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends each request at its time, whatever is still unanswered (an open loop), until it is told to
 * stop.
 */
final class LoadGenerator implements AutoCloseable {
  private static final long STEP_MILLIS = 50;

  private final ChaosClient client;
  private final Workload workload;
  private final Duration patience;
  private final Queue<ClientEntry> entries = new ConcurrentLinkedQueue<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger outstanding = new AtomicInteger();
  private final int mostOutstanding;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-chaos-patience").factory());
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean overrun;

  private LoadGenerator(
      ChaosClient client, Workload workload, Duration patience, int mostOutstanding) {
    this.client = client;
    this.workload = workload;
    this.patience = patience;
    this.mostOutstanding = mostOutstanding;
    this.thread = Thread.ofPlatform().daemon().name("weir-chaos-load").unstarted(this::run);
  }

  /**
   * Begins to send.
   *
   * @param patience how long a client waits for its answer
   * @param mostOutstanding no more are sent while so many wait, which the ledger tells
   */
  static LoadGenerator start(
      ChaosClient client, Workload workload, Duration patience, int mostOutstanding) {
    LoadGenerator load = new LoadGenerator(client, workload, patience, mostOutstanding);
    load.thread.start();
    return load;
  }

  private void run() {
    long start = System.nanoTime();
    while (!stopped) {
      ChaosRequest request = workload.next();
      waitUntil(start + request.offsetNanos());
      if (stopped) {
        return;
      }
      if (outstanding.get() >= mostOutstanding) {
        overrun = true;
        continue;
      }
      ClientEntry entry = new ClientEntry(request, System.currentTimeMillis());
      entries.add(entry);
      outstanding.incrementAndGet();
      sent.incrementAndGet();
      Thread.ofVirtual().name("weir-chaos-request").start(() -> ask(entry));
    }
  }

  private void ask(ClientEntry entry) {
    Thread self = Thread.currentThread();
    ScheduledFuture<?> late =
        watch.schedule(self::interrupt, patience.toMillis(), TimeUnit.MILLISECONDS);
    try {
      entry.ended(client.ask(entry), System.currentTimeMillis());
    } catch (RuntimeException fault) {
      entry.ended(
          new Outcome.Wrong("the client itself failed: " + fault), System.currentTimeMillis());
    } finally {
      late.cancel(false);
      outstanding.decrementAndGet();
    }
  }

  private void waitUntil(long nanoTime) {
    long left;
    while (!stopped && (left = nanoTime - System.nanoTime()) > 0) {
      LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS)));
    }
  }

  int sent() {
    return sent.get();
  }

  int outstanding() {
    return outstanding.get();
  }

  /** True if requests were left out since too many were unanswered. */
  boolean overrun() {
    return overrun;
  }

  /**
   * Sends nothing more; returns when every client has an outcome, at the latest by its patience.
   */
  void finish() throws InterruptedException {
    stopped = true;
    thread.join();
    while (outstanding.get() > 0) {
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    }
  }

  /** Every request so far. */
  List<ClientEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public void close() {
    stopped = true;
    watch.shutdownNow();
  }
}
