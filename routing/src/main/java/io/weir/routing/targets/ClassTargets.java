package io.weir.routing.targets;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.schemas.RequestClass;
import java.time.Duration;

/**
 * The targets of all classes. Times to first token are those after which an answer is of no more
 * use to a sender who named no deadline.
 *
 * @param tpot most mean time per output token after the first, in every class
 */
public record ClassTargets(
    @Default("2s") Duration priorityTtft,
    @Default("2s") Duration standardTtft,
    @Default("10s") Duration flexTtft,
    @Default("60s") Duration batchTtft,
    @Default("100ms") Duration tpot) {
  public ClassTargets {
    positive("priority-ttft", priorityTtft);
    positive("standard-ttft", standardTtft);
    positive("flex-ttft", flexTtft);
    positive("batch-ttft", batchTtft);
    positive("tpot", tpot);
  }

  private static void positive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new ConfigException(key, "must be positive, is " + value.toMillis() + "ms");
    }
  }

  /** Most time to first token of a class. */
  public Duration ttft(RequestClass requestClass) {
    return switch (requestClass) {
      case PRIORITY -> priorityTtft;
      case STANDARD -> standardTtft;
      case FLEX -> flexTtft;
      case BATCH -> batchTtft;
    };
  }
}
