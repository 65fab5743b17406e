package io.weir.controller.telemetry;

import io.weir.schemas.EngineSample;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The newest sample of every engine, by whomever. Samples of an owner that lost it are void. */
final class LatestSamples {
  private final LongSupplier nanoClock;
  private final Map<String, Latest> latest = new ConcurrentHashMap<>();

  LatestSamples(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  private record Latest(EngineSample sample, long readNanos) {}

  void saw(EngineSample sample) {
    latest.merge(
        sample.getEngine(),
        new Latest(sample, nanoClock.getAsLong()),
        (known, next) ->
            next.sample().getOwnerEpoch() < known.sample().getOwnerEpoch() ? known : next);
  }

  /** Forgets engines that are no more. */
  void retain(Set<String> engines) {
    latest.keySet().retainAll(engines);
  }

  /** The newest epoch in which it was sampled, or -1. */
  long epoch(String engine) {
    return find(engine).map(seen -> seen.sample().getOwnerEpoch()).orElse(-1L);
  }

  Optional<SeenSample> find(String engine) {
    return Optional.ofNullable(latest.get(engine))
        .map(
            seen ->
                new SeenSample(
                    seen.sample(), Duration.ofNanos(nanoClock.getAsLong() - seen.readNanos())));
  }
}
