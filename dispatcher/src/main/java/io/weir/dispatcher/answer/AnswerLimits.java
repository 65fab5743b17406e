package io.weir.dispatcher.answer;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.DataSize;
import io.weir.routing.config.Default;
import java.time.Duration;

/**
 * How answers are cut into records.
 *
 * @param chunk most body bytes of a record of an answer that is not streamed; a shorter answer is
 *     one record
 * @param streamChunk a stream's events are sent on at this size without waiting
 * @param coalesce how long a stream's events are gathered, after the first
 * @param event the largest server-sent event; a larger one ends the stream as broken
 */
public record AnswerLimits(
    @Default("256KiB") DataSize chunk,
    @Default("64KiB") DataSize streamChunk,
    @Default("20ms") Duration coalesce,
    @Default("1MiB") DataSize event) {
  public AnswerLimits {
    atLeast("chunk", chunk, new DataSize(1024));
    atLeast("event", event, new DataSize(1024));
    atLeast("stream-chunk", streamChunk, new DataSize(1));
    atMost("chunk", chunk);
    atMost("event", event);
    atMost("stream-chunk", streamChunk);
    if (coalesce.toMillis() < 1 || coalesce.compareTo(Duration.ofSeconds(1)) > 0) {
      throw new ConfigException(
          "coalesce", "must be from 1ms to 1s, is " + coalesce.toMillis() + "ms");
    }
  }

  /** A record holds it, with the fields around it. */
  private static void atMost(String key, DataSize size) {
    if (size.compareTo(DataSize.mebibytes(4)) > 0) {
      throw new ConfigException(
          key, "must be at most 4MiB, so that records can hold it, is " + size);
    }
  }

  private static void atLeast(String key, DataSize size, DataSize least) {
    if (size.compareTo(least) < 0) {
      throw new ConfigException(key, "must be at least " + least + ", is " + size);
    }
  }
}
