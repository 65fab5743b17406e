package io.weir.routing.request;

import io.weir.routing.answer.TerminalReducer;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RequestState;
import io.weir.schemas.RequestStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The state of a request: a fold over its events in the order of the lifecycle partition. Reading
 * an event again changes nothing.
 */
public final class RequestFold {
  /** Of a longer history the middle is left out: how it began and how it ended is what is asked. */
  static final int MOST_STEPS = 64;

  private RequestFold() {}

  /**
   * The state after the next event.
   *
   * @param before empty if the event is the request's first
   * @param partition of the lifecycle in which the event lies
   * @param offset of the event there
   */
  public static RequestState apply(
      Optional<RequestState> before, LifecycleEvent event, int partition, long offset) {
    if (before.isPresent() && offset <= before.get().getOffset()) {
      return before.get();
    }
    RequestState state = before.orElseGet(() -> unread(event, partition));
    TerminalReducer.State past = terminals(state);
    TerminalReducer.State next = TerminalReducer.apply(past, event);
    boolean terminal = TerminalReducer.isTerminal(event.getType());
    boolean hidden = terminal && (past.terminal().isPresent() || next.terminal().isEmpty());
    return new RequestState(
        state.getRequestId(),
        state.getSource(),
        state.getPool(),
        state.getRequestClass(),
        state.getTenant(),
        state.getModel(),
        request(state, event),
        state.getPartition(),
        next.terminal().isPresent() ? List.of() : ClaimFold.claims(state, event, next.open()),
        List.copyOf(next.closed()),
        steps(state.getSteps(), step(event, offset)),
        ClaimFold.attempts(state, event, next.open()),
        next.contested(),
        next.terminal().map(visible -> withoutDecision(state, visible)).orElse(null),
        state.getHiddenTerminals() + (hidden ? 1 : 0),
        offset);
  }

  private static RequestState unread(LifecycleEvent event, int partition) {
    return new RequestState(
        event.getRequestId(),
        event.getSource(),
        event.getPool(),
        event.getRequestClass(),
        event.getTenant(),
        event.getModel(),
        null,
        partition,
        List.of(),
        List.of(),
        List.of(),
        0,
        false,
        null,
        0,
        -1L);
  }

  private static TerminalReducer.State terminals(RequestState state) {
    Set<String> open =
        state.getClaims().stream()
            .map(claim -> claim.getAttempt().getId())
            .collect(Collectors.toSet());
    return new TerminalReducer.State(
        open, Set.copyOf(state.getClosedAttempts()), state.getContested(), state.getTerminal());
  }

  /** Where the original lies is known to the ingress once its send is acked, and to every claim. */
  private static AcceptedRequest request(RequestState state, LifecycleEvent event) {
    return state
        .getRequest()
        .filter(known -> known.getPointer().isPresent())
        .or(event::getRequest)
        .or(state::getRequest)
        .orElse(null);
  }

  private static RequestStep step(LifecycleEvent event, long offset) {
    return new RequestStep(
        event.getType(),
        event.getAt(),
        event.getMember(),
        offset,
        event.getAttempt().orElse(null),
        event.getEngine().orElse(null),
        event.getFailure().map(Failure::getReason).orElse(null));
  }

  private static List<RequestStep> steps(List<RequestStep> before, RequestStep step) {
    List<RequestStep> steps = new ArrayList<>(before);
    if (steps.size() == MOST_STEPS) {
      steps.remove(MOST_STEPS / 2);
    }
    steps.add(step);
    return steps;
  }

  /** The decision may be long, and the history has its own record of it. */
  private static LifecycleEvent withoutDecision(RequestState state, LifecycleEvent visible) {
    if (state.getTerminal().isPresent() || visible.getDecision().isEmpty()) {
      return visible;
    }
    return new LifecycleEvent(
        visible.getRequestId(),
        visible.getType(),
        visible.getAt(),
        visible.getMember(),
        visible.getSource(),
        visible.getPool(),
        visible.getRequestClass(),
        visible.getTenant(),
        visible.getModel(),
        visible.getRequest().orElse(null),
        visible.getAttempt().orElse(null),
        visible.getEngine().orElse(null),
        null,
        visible.getTimings().orElse(null),
        visible.getUsage().orElse(null),
        visible.getFailure().orElse(null),
        visible.getFirstOffset().orElse(null),
        visible.getLastOffset().orElse(null),
        visible.getClosedAttempts(),
        visible.getMemberEpoch().orElse(null),
        visible.getSettled());
  }
}
