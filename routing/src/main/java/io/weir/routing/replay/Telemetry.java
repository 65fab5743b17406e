package io.weir.routing.replay;

import io.weir.routing.engine.EngineSignals;
import io.weir.schemas.EngineSample;
import io.weir.schemas.MetricsDialect;
import java.time.Instant;

/** What an engine counts for its samples. */
final class Telemetry {
  private long promptTokens;
  private long generated;
  private long requests;
  private long sequence;
  private long gapNanos;
  private long gaps;
  private long firstTokenNanos;
  private long firstTokens;

  void first(LiveRequest request, long now) {
    promptTokens += request.trace.promptTokens();
    generated++;
    firstTokens++;
    firstTokenNanos += now - request.submitted;
  }

  void next(long nanos) {
    generated++;
    gaps++;
    gapNanos += nanos;
  }

  void finished() {
    requests++;
  }

  /** The sample of now; means are over the time since the one before. */
  EngineSample sample(String engine, EngineSignals signals, long now) {
    EngineSample.Builder sample =
        EngineSample.newBuilder()
            .setEngine(engine)
            .setOwner("replay")
            .setOwnerEpoch(1)
            .setSequence(sequence++)
            .setAt(Instant.ofEpochMilli(VirtualTime.millis(now)))
            .setUp(true)
            .setDialect(MetricsDialect.VLLM)
            .setRunning(signals.running())
            .setWaiting(signals.waiting())
            .setKvUsage(signals.kvUsage())
            .setPrefixQueries(signals.prefixQueries())
            .setPrefixHits(signals.prefixHits())
            .setPreemptions(signals.preemptions())
            .setPromptTokens(promptTokens)
            .setGenerationTokens(generated)
            .setRequests(requests);
    if (gaps > 0) {
      sample.setTpotMillis(gapNanos * 1e-6 / gaps);
    }
    if (firstTokens > 0) {
      sample.setTtftMillis(firstTokenNanos * 1e-6 / firstTokens);
    }
    gapNanos = 0;
    gaps = 0;
    firstTokenNanos = 0;
    firstTokens = 0;
    return sample.build();
  }
}
