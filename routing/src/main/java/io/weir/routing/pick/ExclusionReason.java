package io.weir.routing.pick;

import java.util.Locale;

/** Why an engine was not considered. */
public enum ExclusionReason {
  /** Health probes or a refused connection took it out. */
  UNHEALTHY,
  /** An operator is emptying it. */
  DRAINING,
  /** Its telemetry says that it is not up. */
  TELEMETRY_DOWN,
  /** Failures or a latency far off the pool's took it out for a time. */
  EJECTED,
  /** It asked to be left alone for a time (Retry-After). */
  PAUSED,
  /** This request failed there before. */
  FAILED_BEFORE,
  /** It cannot go on with a text that another has begun. */
  UNABLE,
  /** It lies where the request's tenant may not have its requests go. */
  REGION_NOT_ALLOWED,
  /** The weights give it nothing. */
  NO_WEIGHT,
  /** It has as many requests in flight as it may. */
  AT_LIMIT,
  /** It has more than its bound of the pool's load, so that its keys move on (hash affinity). */
  OVER_BOUND;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The word used in decisions and metrics. */
  public String label() {
    return label;
  }
}
