package io.weir.routing.answer;

import io.weir.schemas.Attempt;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which terminal of a request is visible: a fold over its events in the order of the lifecycle
 * partition.
 *
 * <ol>
 *   <li>A dispatcher's terminal counts if its attempt is the request's one and only claim: then
 *       nobody else can have written to the reply partition, so its END stands there.
 *   <li>A second claim, a claim let go, a REQUEUED or a CONTESTED makes the request contested, for
 *       good. From then on only a settled terminal counts: a controller wrote it because it read
 *       that END in the reply partition, where it stands for ever.
 *   <li>A terminal of a request that nobody ever claimed counts: it was shed.
 *   <li>The first terminal that counts is visible; nothing changes after it.
 * </ol>
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
   * @param open attempts that were claimed and are not closed
   * @param closed attempts that were replaced or closed; they are never open again
   * @param contested true once only a settled terminal counts
   * @param terminal the visible terminal; once present it never changes
   */
  public record State(
      Set<String> open, Set<String> closed, boolean contested, Optional<LifecycleEvent> terminal) {
    /** Nothing read yet. */
    public static final State INITIAL = new State(Set.of(), Set.of(), false, Optional.empty());

    public State {
      open = Set.copyOf(open);
      closed = Set.copyOf(closed);
    }
  }

  /** True if a request of which this is the visible event has come to its end. */
  public static boolean isTerminal(LifecycleType type) {
    return TERMINALS.contains(type);
  }

  /** True if the event claims the request for the attempt it names. */
  public static boolean isClaim(LifecycleEvent event) {
    return event.getAttempt().isPresent()
        && switch (event.getType()) {
          case CLAIMED, RETRIED -> true;
          case DISPATCHED -> event.getRequest().isPresent();
          default -> false;
        };
  }

  /** Reads the next event of the request the state belongs to. */
  public static State apply(State state, LifecycleEvent event) {
    if (state.terminal().isPresent()) {
      return state;
    }
    return switch (event.getType()) {
      case CLAIMED, DISPATCHED -> isClaim(event) ? claimed(state, event) : state;
      case RETRIED ->
          isClaim(event)
              ? claimed(closed(state, event.getClosedAttempts()), event)
              : contested(state);
      case REQUEUED -> contested(closed(state, event.getClosedAttempts()));
      case CONTESTED -> contested(state);
      default -> isTerminal(event.getType()) && counts(state, event) ? ended(state, event) : state;
    };
  }

  private static boolean counts(State state, LifecycleEvent terminal) {
    if (terminal.getSettled()) {
      return true;
    }
    boolean unclaimed = state.open().isEmpty() && state.closed().isEmpty();
    boolean only =
        terminal.getAttempt().map(Attempt::getId).filter(state.open()::contains).isPresent();
    return !state.contested() && (unclaimed || only);
  }

  private static State claimed(State state, LifecycleEvent event) {
    String attempt = event.getAttempt().orElseThrow().getId();
    if (state.open().contains(attempt) || state.closed().contains(attempt)) {
      return state;
    }
    // A retry takes the place of an open claim; one in the place of a claim that a controller has
    // closed is a second one, like any other.
    boolean second = !state.open().isEmpty();
    Set<String> open = new HashSet<>(state.open());
    open.add(attempt);
    return new State(open, state.closed(), state.contested() || second, Optional.empty());
  }

  private static State closed(State state, List<String> attempts) {
    Set<String> open = new HashSet<>(state.open());
    open.removeAll(attempts);
    Set<String> closed = new HashSet<>(state.closed());
    closed.addAll(attempts);
    return new State(open, closed, state.contested(), Optional.empty());
  }

  private static State contested(State state) {
    return state.contested()
        ? state
        : new State(state.open(), state.closed(), true, Optional.empty());
  }

  private static State ended(State state, LifecycleEvent terminal) {
    return new State(state.open(), state.closed(), state.contested(), Optional.of(terminal));
  }
}
