package io.weir.launcher.bench;

import io.weir.launcher.bench.Outcome.Answered;
import io.weir.launcher.bench.Outcome.Failed;
import io.weir.launcher.bench.Outcome.Refused;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Counts outcomes from many threads. */
final class Tally {
  private static final long MAX_MICROS = Duration.ofHours(2).toNanos() / 1_000;

  /** Kinds of failure beyond which they are counted together. */
  private static final int MAX_KINDS = 50;

  private final Goals goals;
  private final Histogram firstToken = histogram();
  private final Histogram gap = histogram();
  private final Histogram perToken = histogram();
  private final Histogram total = histogram();
  private final LongAdder sent = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder good = new LongAdder();
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder outputTokens = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final Map<String, Histogram> refusals = new ConcurrentHashMap<>();
  private final Tries tries = new Tries();

  Tally(Goals goals) {
    this.goals = goals;
  }

  void sent() {
    sent.increment();
  }

  /** Records the time between two tokens of one answer. */
  void gap(long nanos) {
    record(gap, nanos);
  }

  /**
   * Records one try of a request, of which there may be more.
   *
   * @param number from 1
   */
  void tried(int number, Outcome outcome) {
    tries.tried(number, outcome);
    if (outcome instanceof Refused refusal) {
      record(
          refusals.computeIfAbsent(known(refusals, refusal.kind()), kind -> histogram()),
          refusal.totalNanos());
    }
  }

  /** Records what became of a request in the end. */
  void record(Outcome outcome) {
    switch (outcome) {
      case Answered answer -> {
        answered.increment();
        promptTokens.add(answer.promptTokens());
        outputTokens.add(answer.outputTokens());
        answer.firstTokenNanos().ifPresent(nanos -> record(firstToken, nanos));
        answer.perTokenNanos().ifPresent(nanos -> record(perToken, nanos));
        record(total, answer.totalNanos());
        if (goals.met(answer)) {
          good.increment();
        }
      }
      case Refused refusal -> {
        refused.increment();
        failed(refusal.kind());
      }
      case Failed failure -> failed(failure.kind());
    }
  }

  private void failed(String kind) {
    failed.increment();
    failures.computeIfAbsent(known(failures, kind), absent -> new LongAdder()).increment();
  }

  private static String known(Map<String, ?> kinds, String kind) {
    return kinds.size() < MAX_KINDS || kinds.containsKey(kind) ? kind : "other";
  }

  long answeredSoFar() {
    return answered.sum();
  }

  /**
   * What was counted so far.
   *
   * @param elapsed the time in which it was
   */
  Summary summary(Duration elapsed) {
    Map<String, Long> byKind = new ConcurrentHashMap<>();
    failures.forEach((kind, count) -> byKind.put(kind, count.sum()));
    Map<String, Percentiles> refusalTimes = new ConcurrentHashMap<>();
    Histogram anyRefusal = histogram();
    refusals.forEach(
        (kind, times) -> {
          Histogram now = times.copy();
          refusalTimes.put(kind, Percentiles.of(now));
          anyRefusal.add(now);
        });
    return new Summary(
        elapsed,
        sent.sum(),
        answered.sum(),
        failed.sum(),
        refused.sum(),
        promptTokens.sum(),
        outputTokens.sum(),
        goals,
        good.sum(),
        Percentiles.of(firstToken.copy()),
        Percentiles.of(gap.copy()),
        Percentiles.of(perToken.copy()),
        Percentiles.of(total.copy()),
        byKind,
        Percentiles.of(anyRefusal),
        refusalTimes,
        tries.list());
  }

  private static Histogram histogram() {
    return new ConcurrentHistogram(MAX_MICROS, 3);
  }

  private static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.clamp(nanos / 1_000, 0, MAX_MICROS));
  }
}
