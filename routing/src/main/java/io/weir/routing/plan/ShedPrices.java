package io.weir.routing.plan;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.schemas.RequestClass;
import java.io.Serializable;
import java.time.Duration;

/**
 * What turning a request away costs, as the delay it is worth: a class is planned to be shed where
 * serving one more of its requests would delay all the others by more than this.
 *
 * @param priority of the highest class; each lower one's is lower
 */
public record ShedPrices(
    @Default("10000s") Duration priority,
    @Default("600s") Duration standard,
    @Default("120s") Duration flex,
    @Default("30s") Duration batch)
    implements Serializable {
  public ShedPrices {
    PlanPolicy.positive("batch", batch);
    descending("flex", flex, batch, "batch");
    descending("standard", standard, flex, "flex");
    descending("priority", priority, standard, "standard");
  }

  private static void descending(String key, Duration value, Duration lower, String lowerKey) {
    if (value.compareTo(lower) <= 0) {
      throw new ConfigException(
          key, "must be above " + lowerKey + ", which is " + lower.toSeconds() + "s");
    }
  }

  /** Seconds of delay a request of the class is worth. */
  public double seconds(RequestClass requestClass) {
    Duration price =
        switch (requestClass) {
          case PRIORITY -> priority;
          case STANDARD -> standard;
          case FLEX -> flex;
          case BATCH -> batch;
        };
    return price.toMillis() / 1e3;
  }
}
