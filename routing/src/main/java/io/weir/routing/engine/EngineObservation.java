package io.weir.routing.engine;

import io.weir.schemas.EngineSample;
import java.time.Duration;
import java.util.Optional;

/**
 * What an engine did between two samples of its telemetry.
 *
 * @param tpotMillis mean time per output token
 * @param prefillPerSecond prompt tokens computed per second, without those found in the cache
 * @param outputPerSecond tokens generated per second
 * @param shape its mean request since it started
 */
public record EngineObservation(
    double tpotMillis, double prefillPerSecond, double outputPerSecond, RequestShape shape) {
  private static final long SHORTEST_MILLIS = 200;
  private static final long LONGEST_MILLIS = 10_000;

  /** Fewer tokens between two samples say little about its speed. */
  private static final long LEAST_TOKENS = 8;

  /**
   * What lies between two samples of one owner; empty if they do not tell enough: too near or too
   * far apart, hardly anything generated, counters that it does not have or that began anew.
   *
   * <p>An engine that does not report the time per output token is read by Little's law: running
   * sequences over tokens per second.
   */
  public static Optional<EngineObservation> between(EngineSample before, EngineSample after) {
    long millis = Duration.between(before.getAt(), after.getAt()).toMillis();
    boolean comparable =
        before.getOwner().equals(after.getOwner())
            && before.getOwnerEpoch() == after.getOwnerEpoch()
            && before.getUp()
            && after.getUp()
            && millis >= SHORTEST_MILLIS
            && millis <= LONGEST_MILLIS;
    long output = grown(before.getGenerationTokens(), after.getGenerationTokens());
    long prompt = grown(before.getPromptTokens(), after.getPromptTokens());
    if (!comparable || output < LEAST_TOKENS || prompt < 0) {
      return Optional.empty();
    }
    long cached = Math.max(0, grown(before.getPrefixHits(), after.getPrefixHits()));
    double outputPerSecond = output * 1e3 / millis;
    return after
        .getTpotMillis()
        .or(() -> byLittlesLaw(before, after, outputPerSecond))
        .filter(tpot -> tpot > 0)
        .map(
            tpot ->
                new EngineObservation(
                    tpot,
                    Math.max(0, prompt - cached) * 1e3 / millis,
                    outputPerSecond,
                    lifetimeShape(after)));
  }

  private static Optional<Double> byLittlesLaw(
      EngineSample before, EngineSample after, double outputPerSecond) {
    if (before.getRunning().isEmpty() || after.getRunning().isEmpty()) {
      return Optional.empty();
    }
    double running = (before.getRunning().get() + after.getRunning().get()) / 2.0;
    return running > 0 ? Optional.of(running * 1e3 / outputPerSecond) : Optional.empty();
  }

  /** Prompts of the running requests are counted already, and half of their answers. */
  private static RequestShape lifetimeShape(EngineSample sample) {
    double finished = sample.getRequests().orElse(0L);
    double running = sample.getRunning().orElse(0);
    double begun = Math.max(1, finished + running);
    double prompt = Math.max(1, sample.getPromptTokens().orElse(1L) / begun);
    double cached = sample.getPrefixHits().orElse(0L) / begun;
    double output =
        Math.max(1, sample.getGenerationTokens().orElse(1L) / Math.max(1, finished + running / 2));
    return new RequestShape(prompt, Math.min(cached, prompt), output);
  }

  /** -1 if the counter is missing, or has begun anew. */
  private static long grown(Optional<Long> before, Optional<Long> after) {
    return before.isPresent() && after.isPresent() ? Math.max(-1, after.get() - before.get()) : -1;
  }
}
