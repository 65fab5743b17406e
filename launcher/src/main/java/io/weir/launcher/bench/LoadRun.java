package io.weir.launcher.bench;

import io.weir.launcher.bench.Outcome.Failed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * One run of load. An open loop sends when it is time, whatever is still unanswered, and measures
 * from that time: a stall of the system under test shows in every request it delays (Tene,
 * "coordinated omission"). Requests beyond the outstanding limit fail instead of waiting unseen.
 */
final class LoadRun {
  private static final long STEP_MILLIS = 50;

  private final OpenAiClient client;
  private final RequestBody bodies;
  private final Mix mix;
  private final Waiting waiting;
  private final RunTally warmup;
  private final RunTally measured;
  private final long warmupNanos;
  private final int maxOutstanding;
  private final Semaphore room;
  private final AtomicInteger numbers = new AtomicInteger();
  private final long start = System.nanoTime();
  private volatile boolean stopped;
  private volatile long ended;

  /**
   * @param mix who sends which request
   * @param waiting what those do who are told to come again
   * @param warmup time from the start whose requests are left out of the summary
   * @param maxOutstanding how many requests may be unanswered at once
   */
  LoadRun(
      OpenAiClient client,
      RequestBody bodies,
      Mix mix,
      Waiting waiting,
      Goals goals,
      Duration warmup,
      int maxOutstanding) {
    this.client = client;
    this.bodies = bodies;
    this.mix = mix;
    this.waiting = waiting;
    this.warmup = new RunTally(goals);
    this.measured = new RunTally(goals);
    this.warmupNanos = warmup.toNanos();
    this.maxOutstanding = maxOutstanding;
    this.room = new Semaphore(maxOutstanding);
  }

  /**
   * Sends each request at its time, then waits for the answers.
   *
   * @param drain how long to wait for them
   */
  void open(Iterator<Shot> shots, Duration drain) throws InterruptedException {
    while (!stopped && shots.hasNext()) {
      Shot shot = shots.next();
      long intended = start + shot.offsetNanos();
      waitUntil(intended);
      if (stopped) {
        break;
      }
      RunTally tally = shot.offsetNanos() < warmupNanos ? warmup : measured;
      int number = numbers.getAndIncrement();
      Sender sender = mix.of(number);
      List<Tally> parts = tally.of(sender);
      parts.forEach(Tally::sent);
      if (room.tryAcquire()) {
        Thread.ofVirtual()
            .name("weir-bench-request")
            .start(() -> call(shot, number, sender, intended, parts));
      } else {
        Outcome unsent =
            new Failed("not sent: " + maxOutstanding + " requests were outstanding already");
        parts.forEach(part -> part.record(unsent));
      }
    }
    long patience = System.nanoTime() + drain.toNanos();
    boolean answered = false;
    while (!answered && !stopped && System.nanoTime() < patience) {
      answered = allAnswered();
    }
    ended = System.nanoTime();
  }

  /** Keeps a number of clients busy for a time, each sending when its last answer has come. */
  void closed(int clients, Duration time, Iterator<Shot> shots) throws InterruptedException {
    long end = start + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      threads.add(
          Thread.ofVirtual().name("weir-bench-client-" + i).start(() -> client(end, shots)));
    }
    for (Thread thread : threads) {
      while (!stopped && thread.isAlive()) {
        thread.join(Duration.ofMillis(STEP_MILLIS));
      }
    }
    ended = System.nanoTime();
  }

  /** Sends nothing more and waits for nothing more. */
  void stop() {
    stopped = true;
  }

  /** What was measured so far. */
  RunSummary summary() {
    long end = ended == 0 ? System.nanoTime() : ended;
    return measured.parts(Duration.ofNanos(Math.max(0, end - start - warmupNanos)));
  }

  /** One line on how the run is going. */
  String progress() {
    long now = System.nanoTime();
    boolean warm = now - start >= warmupNanos;
    Summary summary = (warm ? measured : warmup).summary(Duration.ofNanos(now - start));
    return "%4d s%s  sent %,d  answered %,d  failed %,d  outstanding %,d  E2E p50 %.1f p99 %.1f ms%s"
        .formatted(
            (now - start) / 1_000_000_000L,
            warm ? "" : " warming up",
            summary.sent(),
            summary.answered(),
            summary.failed(),
            summary.unfinished(),
            summary.e2e().p50(),
            summary.e2e().p99(),
            summary.ttft().count() == 0
                ? ""
                : "  TTFT p50 %.1f p99 %.1f ms"
                    .formatted(summary.ttft().p50(), summary.ttft().p99()));
  }

  private void client(long end, Iterator<Shot> shots) {
    while (!stopped && System.nanoTime() < end) {
      Shot shot;
      int number;
      synchronized (shots) {
        if (!shots.hasNext()) {
          return;
        }
        shot = shots.next();
        number = numbers.getAndIncrement();
      }
      Sender sender = mix.of(number);
      long now = System.nanoTime();
      List<Tally> parts = (now - start < warmupNanos ? warmup : measured).of(sender);
      parts.forEach(Tally::sent);
      send(shot, number, sender, now, parts);
    }
  }

  private void call(Shot shot, int number, Sender sender, long intended, List<Tally> parts) {
    try {
      send(shot, number, sender, intended, parts);
    } finally {
      room.release();
    }
  }

  /** Sends a request until it is answered or there is no use in sending it again. */
  private void send(Shot shot, int number, Sender sender, long intended, List<Tally> parts) {
    Call call = bodies.of(shot, number, sender.requestClass());
    LongConsumer gaps = gap -> parts.forEach(part -> part.gap(gap));
    long due = intended;
    for (int tried = 1; ; tried++) {
      Outcome outcome = client.send(call, sender, due, gaps);
      for (Tally part : parts) {
        part.tried(tried, outcome);
      }
      OptionalLong pause = waiting.before(outcome, tried);
      if (pause.isEmpty() || stopped) {
        parts.forEach(part -> part.record(outcome));
        return;
      }
      due = System.nanoTime() + pause.getAsLong();
      waitUntil(due);
    }
  }

  private boolean allAnswered() throws InterruptedException {
    if (room.tryAcquire(maxOutstanding, STEP_MILLIS, TimeUnit.MILLISECONDS)) {
      room.release(maxOutstanding);
      return true;
    }
    return false;
  }

  private void waitUntil(long nanoTime) {
    long left;
    while (!stopped && (left = nanoTime - System.nanoTime()) > 0) {
      LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS)));
    }
  }
}
