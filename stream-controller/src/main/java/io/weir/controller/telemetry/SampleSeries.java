package io.weir.controller.telemetry;

import io.weir.routing.telemetry.EngineMetrics;
import io.weir.routing.telemetry.EngineReading;
import io.weir.routing.telemetry.IntervalMeans;
import io.weir.schemas.EngineSample;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Makes the samples of one engine while one controller owns it. An engine is down at once when it
 * is lost, and when it is late twice in a row.
 */
final class SampleSeries {
  private static final int LATE_ENOUGH = 2;

  private final String engine;
  private final String owner;
  private final long epoch;
  private Optional<EngineReading> last = Optional.empty();
  private boolean wasUp;
  private int late;
  private long sequence;

  SampleSeries(String engine, String owner, long epoch) {
    this.engine = engine;
    this.owner = owner;
    this.epoch = epoch;
  }

  long epoch() {
    return epoch;
  }

  /** The next sample; none while it cannot be told yet whether the engine is up. */
  Optional<EngineSample> next(Sight sight, Instant at) {
    late = sight instanceof Sight.Late ? late + 1 : 0;
    return switch (sight) {
      case Sight.Seen seen -> {
        wasUp = true;
        yield Optional.of(up(seen.page(), at));
      }
      case Sight.Lost lost -> Optional.of(down(lost.problem(), at));
      case Sight.Late once when late < LATE_ENOUGH ->
          wasUp ? Optional.of(up(Optional.empty(), at)) : Optional.empty();
      case Sight.Late often -> Optional.of(down("does not answer in time", at));
    };
  }

  private EngineSample up(Optional<EngineMetrics.Page> page, Instant at) {
    EngineReading now = page.map(EngineMetrics.Page::reading).orElse(EngineReading.SILENT);
    IntervalMeans means =
        page.isPresent() && last.isPresent()
            ? IntervalMeans.between(last.get(), now)
            : IntervalMeans.UNKNOWN;
    if (page.isPresent()) {
      last = Optional.of(now);
    }
    return sample(at)
        .setUp(true)
        .setDialect(page.map(EngineMetrics.Page::dialect).orElse(null))
        .setRunning(boxed(now.running()))
        .setWaiting(boxed(now.waiting()))
        .setKvUsage(boxed(now.kvUsage()))
        .setPrefixQueries(boxed(now.prefixQueries()))
        .setPrefixHits(boxed(now.prefixHits()))
        .setPreemptions(boxed(now.preemptions()))
        .setPromptTokens(boxed(now.promptTokens()))
        .setGenerationTokens(boxed(now.generationTokens()))
        .setRequests(boxed(now.requests()))
        .setTpotMillis(boxed(means.tpotMillis()))
        .setTtftMillis(boxed(means.ttftMillis()))
        .build();
  }

  private EngineSample down(String problem, Instant at) {
    wasUp = false;
    return sample(at).setUp(false).setProblem(problem).build();
  }

  private EngineSample.Builder sample(Instant at) {
    return EngineSample.newBuilder()
        .setEngine(engine)
        .setOwner(owner)
        .setOwnerEpoch(epoch)
        .setSequence(sequence++)
        .setAt(at);
  }

  // Avro's optional fields are boxed.

  private static Integer boxed(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : null;
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
