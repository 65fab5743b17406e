package io.weir.routing.answer;

import io.weir.schemas.Attempt;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which terminal of a request is visible: the first one in the lifecycle partition whose attempt
 * was not closed by an earlier REQUEUED. A terminal without an attempt (shed, expired or cancelled
 * before dispatch) cannot be closed.
 */
public final class TerminalReducer {
  private static final Set<LifecycleType> TERMINALS =
      Set.of(
          LifecycleType.SUCCEEDED,
          LifecycleType.FAILED,
          LifecycleType.SHED,
          LifecycleType.EXPIRED,
          LifecycleType.CANCELLED,
          LifecycleType.DEAD_LETTERED);

  private TerminalReducer() {}

  /**
   * What a reader of one request's life knows so far.
   *
   * @param closed attempts closed by a REQUEUED
   * @param terminal the visible terminal; once present it never changes
   */
  public record State(Set<String> closed, Optional<LifecycleEvent> terminal) {
    /** Nothing read yet. */
    public static final State INITIAL = new State(Set.of(), Optional.empty());

    public State {
      closed = Set.copyOf(closed);
    }
  }

  /** True if a request of which this is the visible event has come to its end. */
  public static boolean isTerminal(LifecycleType type) {
    return TERMINALS.contains(type);
  }

  /** Reads the next event of the request the state belongs to. */
  public static State apply(State state, LifecycleEvent event) {
    if (state.terminal().isPresent()) {
      return state;
    }
    if (event.getType() == LifecycleType.REQUEUED) {
      Set<String> closed = new HashSet<>(state.closed());
      closed.addAll(event.getClosedAttempts());
      return new State(closed, Optional.empty());
    }
    boolean closed =
        event.getAttempt().map(Attempt::getId).filter(state.closed()::contains).isPresent();
    return isTerminal(event.getType()) && !closed
        ? new State(state.closed(), Optional.of(event))
        : state;
  }
}
