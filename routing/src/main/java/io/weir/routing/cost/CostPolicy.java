package io.weir.routing.cost;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;

/**
 * How requests are priced.
 *
 * @param outputRatio tokens of prompt that take an engine as long as one token of answer does; 2 to
 *     4 on the GPUs measured
 * @param quantile which quantile of the answers' lengths is expected, 0 to 1 exclusive; above the
 *     median, since an answer taken for too short costs others their targets
 * @param gain by which factor less one an answer moves the expectation, 0 to 1 exclusive
 * @param firstOutput tokens expected of an answer before any was seen
 * @param senders most combinations of tenant, model and size that are remembered
 */
public record CostPolicy(
    @Default("2.5") double outputRatio,
    @Default("0.6") double quantile,
    @Default("0.05") double gain,
    @Default("256") int firstOutput,
    @Default("10000") int senders) {
  public CostPolicy {
    require(outputRatio > 0, "output-ratio", "must be positive, is " + outputRatio);
    require(quantile > 0 && quantile < 1, "quantile", "must be between 0 and 1, is " + quantile);
    require(gain > 0 && gain < 1, "gain", "must be between 0 and 1, is " + gain);
    require(firstOutput >= 1, "first-output", "must be at least 1, is " + firstOutput);
    require(senders >= 1, "senders", "must be at least 1, is " + senders);
  }

  private static void require(boolean holds, String key, String otherwise) {
    if (!holds) {
      throw new ConfigException(key, otherwise);
    }
  }
}
