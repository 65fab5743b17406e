package io.weir.flink;

import io.weir.routing.admission.ShedReason;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ReplyAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
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

  private static final ReplyAddress NOWHERE = new ReplyAddress("", 0, 0L);

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

  /**
   * An event with what is counted of it alone: it is copied on its way to where it is counted, and
   * most of it is of no use there.
   */
  static LifecycleEvent counted(LifecycleEvent event) {
    return new LifecycleEvent(
        "",
        event.getType(),
        event.getAt(),
        "",
        event.getSource(),
        event.getPool(),
        event.getRequestClass(),
        "",
        "",
        event.getRequest().map(OfferedDemand::tokens).orElse(null),
        null,
        null,
        null,
        null,
        event.getUsage().orElse(null),
        event.getFailure().orElse(null),
        null,
        null,
        List.of(),
        null,
        false);
  }

  private static AcceptedRequest tokens(AcceptedRequest request) {
    return new AcceptedRequest(
        null,
        NOWHERE,
        "",
        false,
        Instant.EPOCH,
        Instant.EPOCH,
        request.getPromptTokens(),
        request.getOutputTokens(),
        0L,
        false,
        null,
        null);
  }

  /** What demand is counted by. */
  static String key(LifecycleEvent event) {
    return event.getSource() + "/" + event.getPool() + "/" + event.getRequestClass();
  }
}
