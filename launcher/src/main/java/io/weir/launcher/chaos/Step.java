package io.weir.launcher.chaos;

import io.weir.schemas.Attempt;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import java.util.List;

/**
 * What one lifecycle event said.
 *
 * @param at when the broker took it, in milliseconds since the epoch
 * @param attempt its id; empty if none is named
 * @param engine empty if none is named
 * @param claims true if a dispatcher took the request with it
 */
record Step(
    long at,
    long offset,
    LifecycleType type,
    String member,
    String attempt,
    String engine,
    List<String> closed,
    String reason,
    boolean settled,
    boolean claims) {

  static Step of(long at, long offset, LifecycleEvent event) {
    boolean claims =
        event.getType() == LifecycleType.CLAIMED
            || (event.getType() == LifecycleType.DISPATCHED && event.getRequest().isPresent());
    return new Step(
        at,
        offset,
        event.getType(),
        event.getMember() + event.getMemberEpoch().map(epoch -> "/" + epoch).orElse(""),
        event.getAttempt().map(Attempt::getId).orElse(""),
        event.getEngine().orElse(""),
        List.copyOf(event.getClosedAttempts()),
        event.getFailure().map(failure -> failure.getReason()).orElse(""),
        event.getSettled(),
        claims);
  }

  /** The name of the instance, without its epoch. */
  String memberId() {
    int slash = member.lastIndexOf('/');
    return slash < 0 ? member : member.substring(0, slash);
  }

  /** True if an engine was given the request. */
  boolean runs() {
    return type == LifecycleType.DISPATCHED || type == LifecycleType.RETRIED;
  }

  String text() {
    return type
        + " by "
        + member
        + (attempt.isEmpty() ? "" : " attempt " + attempt)
        + (engine.isEmpty() ? "" : " engine " + engine)
        + (closed.isEmpty() ? "" : " closes " + closed)
        + (reason.isEmpty() ? "" : " because " + reason)
        + (claims ? " (claim)" : "")
        + (settled ? " (settled)" : "");
  }
}
