package io.weir.routing.order;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.schemas.RequestClass;

/**
 * How engines are shared between classes.
 *
 * @param floor part of the tokens that classes which have to stand back get all the same, 0 to 0.5;
 *     0 for none
 * @param standard weight of the class where priority leaves room, against flex and batch
 */
public record ClassShares(
    @Default("0.05") double floor,
    @Default("16") double standard,
    @Default("4") double flex,
    @Default("1") double batch) {
  public ClassShares {
    if (!(floor >= 0 && floor <= 0.5)) {
      throw new ConfigException("floor", "must be between 0 and 0.5, is " + floor);
    }
    positive("standard", standard);
    positive("flex", flex);
    positive("batch", batch);
  }

  private static void positive(String key, double weight) {
    if (!(weight > 0)) {
      throw new ConfigException(key, "must be positive, is " + weight);
    }
  }

  /** A class's part of what is left for those that wait; infinite for priority. */
  public double weight(RequestClass requestClass) {
    return switch (requestClass) {
      case PRIORITY -> Double.POSITIVE_INFINITY;
      case STANDARD -> standard;
      case FLEX -> flex;
      case BATCH -> batch;
    };
  }
}
