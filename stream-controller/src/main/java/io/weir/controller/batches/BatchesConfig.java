package io.weir.controller.batches;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.DataSize;
import io.weir.routing.config.Default;
import java.time.Duration;

/**
 * Batch jobs.
 *
 * @param outstanding lines of one batch that are handed out and have not ended, at most
 * @param running batches whose lines are being run; others wait
 * @param line longest line of a batch's file; not more than an ingress's largest request body
 * @param jsonDepth deepest nesting of a line
 * @param defaultOutputTokens what a line is expected to generate if it sets no limit, at least 0
 * @param grace how long the ends of lines are awaited once a batch was cancelled or has expired
 */
public record BatchesConfig(
    @Default("1000") int outstanding,
    @Default("64") int running,
    @Default("8MiB") DataSize line,
    @Default("256") int jsonDepth,
    @Default("256") int defaultOutputTokens,
    @Default("60s") Duration grace) {
  public BatchesConfig {
    if (outstanding < 1) {
      throw new ConfigException("outstanding", "must be at least 1, is " + outstanding);
    }
    if (running < 1) {
      throw new ConfigException("running", "must be at least 1, is " + running);
    }
    if (line.bytes() < 1 || line.compareTo(DataSize.mebibytes(9)) > 0) {
      throw new ConfigException("line", "must be 1 byte to 9MiB, is " + line);
    }
    if (jsonDepth < 1) {
      throw new ConfigException("json-depth", "must be at least 1, is " + jsonDepth);
    }
    if (defaultOutputTokens < 0) {
      throw new ConfigException(
          "default-output-tokens", "must not be negative, is " + defaultOutputTokens);
    }
    if (grace.isNegative()) {
      throw new ConfigException("grace", "must not be negative, is " + grace);
    }
  }
}
