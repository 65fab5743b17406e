package io.weir.routing.admission;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.schemas.RequestClass;
import java.time.Duration;

/**
 * How requests are admitted.
 *
 * @param priority part of the class's time to first token that waiting may take, 0 to 1
 * @param standard the same of the next class
 * @param flex the same
 * @param batch the same
 * @param freshness age up to which a drain rate is believed; it halves with every such time after
 * @param least part of the drain rate that is assumed however old it is, 0 to 1
 * @param shortestRetry least that a sender is told to wait
 * @param longestRetry most that a sender is told to wait
 * @param tenants most tenants whose waiting tokens are counted one by one; those beyond are not
 *     held to their share
 * @param laneRequests most requests that wait in a lane before those that nobody waits for are
 *     refused
 * @param absence how long requests are taken for a pool whose dispatchers are all gone
 */
public record AdmissionPolicy(
    @Default("1") double priority,
    @Default("0.8") double standard,
    @Default("0.5") double flex,
    @Default("0.5") double batch,
    @Default("3s") Duration freshness,
    @Default("0.1") double least,
    @Default("100ms") Duration shortestRetry,
    @Default("60s") Duration longestRetry,
    @Default("10000") int tenants,
    @Default("1000000") long laneRequests,
    @Default("5s") Duration absence) {
  public AdmissionPolicy {
    part("priority", priority);
    part("standard", standard);
    part("flex", flex);
    part("batch", batch);
    part("least", least);
    if (freshness.isNegative() || freshness.isZero()) {
      throw new ConfigException("freshness", "must be positive, is " + freshness.toMillis() + "ms");
    }
    if (shortestRetry.isNegative() || longestRetry.compareTo(shortestRetry) < 0) {
      throw new ConfigException("longest-retry", "must not be below shortest-retry");
    }
    if (tenants < 1) {
      throw new ConfigException("tenants", "must be at least 1, is " + tenants);
    }
    if (laneRequests < 1) {
      throw new ConfigException("lane-requests", "must be at least 1, is " + laneRequests);
    }
    if (absence.isNegative()) {
      throw new ConfigException("absence", "must not be negative, is " + absence.toMillis() + "ms");
    }
  }

  private static void part(String key, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new ConfigException(key, "must be above 0 and at most 1, is " + value);
    }
  }

  double ceiling(RequestClass requestClass) {
    return switch (requestClass) {
      case PRIORITY -> priority;
      case STANDARD -> standard;
      case FLEX -> flex;
      case BATCH -> batch;
    };
  }
}
