package io.weir.flink;

import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;

/** Which lifecycle events say what about demand. */
final class OfferedDemand {
  private OfferedDemand() {}

  /**
   * True for a request that came in: accepted, or shed by the ingress instead. What a dispatcher
   * sheds (its events carry an attempt) was accepted before, and a retry is no new request.
   */
  static boolean isOffer(LifecycleEvent event) {
    return event.getType() == LifecycleType.ACCEPTED
        || (event.getType() == LifecycleType.SHED && event.getAttempt().isEmpty());
  }

  /** True for the end of a request whose tokens are known. */
  static boolean isUse(LifecycleEvent event) {
    return event.getType() == LifecycleType.SUCCEEDED && event.getUsage().isPresent();
  }

  static boolean matters(LifecycleEvent event) {
    return isOffer(event) || isUse(event);
  }

  /** What demand is counted by. */
  static String key(LifecycleEvent event) {
    return event.getSource() + "/" + event.getPool() + "/" + event.getRequestClass();
  }
}
