package io.weir.flink;

import io.weir.routing.admission.ShedReason;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Which lifecycle events say what about demand. */
final class OfferedDemand {
  /** The number that says how many others a shed request stands for. */
  private static final String REPEATED = "repeated";

  /** More than one ingress can shed in the second that an event stands for. */
  private static final long MOST_REPEATED = 1_000_000;

  private static final Set<String> LIMITS =
      Arrays.stream(ShedReason.values())
          .filter(ShedReason::isLimit)
          .map(ShedReason::label)
          .collect(Collectors.toUnmodifiableSet());

  private OfferedDemand() {}

  /**
   * True for a request that came in: accepted, or shed by the ingress instead. What a dispatcher
   * sheds (its events carry an attempt) was accepted before, and a retry is no new request. What a
   * tenant sends beyond its limits is no demand: no engine would be there for it.
   */
  static boolean isOffer(LifecycleEvent event) {
    return event.getType() == LifecycleType.ACCEPTED
        || (event.getType() == LifecycleType.SHED
            && event.getAttempt().isEmpty()
            && event.getFailure().filter(each -> LIMITS.contains(each.getReason())).isEmpty());
  }

  /**
   * How many other requests an event stands for: an ingress in a flood tells of few that it shed.
   */
  static long others(LifecycleEvent event) {
    return event
        .getFailure()
        .map(failure -> failure.getNumbers().get(REPEATED))
        .map(repeated -> Math.max(0, Math.min(MOST_REPEATED, Math.round(repeated))))
        .orElse(0L);
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
