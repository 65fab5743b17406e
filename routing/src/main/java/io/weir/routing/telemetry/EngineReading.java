package io.weir.routing.telemetry;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one engine said about itself at one moment; empty is what it did not say. Counters grow from
 * its start.
 *
 * @param running requests being worked on
 * @param waiting requests in its own queue
 * @param kvUsage part of its KV cache in use, 0 to 1
 * @param prefixQueries prompt tokens, or blocks, looked up in its prefix cache
 * @param prefixHits those found there, in the same unit
 * @param preemptions requests taken out of the batch for lack of memory
 * @param promptTokens prompt tokens processed
 * @param generationTokens tokens generated
 * @param requests requests finished
 * @param tokenTime times per output token
 * @param firstTokenTime times to the first token
 */
public record EngineReading(
    OptionalInt running,
    OptionalInt waiting,
    OptionalDouble kvUsage,
    OptionalLong prefixQueries,
    OptionalLong prefixHits,
    OptionalLong preemptions,
    OptionalLong promptTokens,
    OptionalLong generationTokens,
    OptionalLong requests,
    Optional<Cumulative> tokenTime,
    Optional<Cumulative> firstTokenTime) {
  /** Nothing but that it is there. */
  public static final EngineReading SILENT =
      new EngineReading(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty());
}
