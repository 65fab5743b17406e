package io.weir.routing.answer;

import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Ignore;
import io.weir.routing.answer.AnswerEffect.Reason;
import io.weir.routing.answer.AnswerEffect.Restart;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseHead;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which text is the answer: a fold over one request's chunks in the order of its reply partition,
 * so that everyone who reads the same log agrees.
 *
 * <ol>
 *   <li>The attempt whose first DATA comes first is current. An END without DATA decides as well:
 *       it is an error before any byte, or an empty answer.
 *   <li>Chunks of any other attempt are ignored, and an attempt whose DATA or END was ignored stays
 *       out: should the current one be closed later, the other's beginning would be missing.
 *   <li>A RESET closes attempts: their later chunks are ignored, and if the current one is among
 *       them its text is void and the next attempt's first DATA decides anew.
 *   <li>An END that comes before the RESET stands, and nothing changes after it.
 * </ol>
 */
public final class AnswerReducer {
  private AnswerReducer() {}

  /** A state and what led to it. */
  public record Step(AnswerState state, AnswerEffect effect) {}

  /** Reads the next chunk of the request the state belongs to. */
  public static Step apply(AnswerState state, ResponseChunk chunk) {
    if (state.ended()) {
      return ignore(state, Reason.AFTER_END);
    }
    if (!chunk.getClosedAttempts().isEmpty()) {
      return reset(state, chunk.getClosedAttempts());
    }
    String attempt = chunk.getAttemptId();
    if (state.closed().contains(attempt)) {
      return ignore(state, Reason.CLOSED_ATTEMPT);
    }
    if (state.current().isPresent() && state.current().get().equals(attempt)) {
      return deliver(state, chunk, Optional.empty());
    }
    if (!chunk.getData().hasRemaining() && chunk.getEnd().isEmpty()) {
      return ignore(held(state, chunk), Reason.HEAD_HELD);
    }
    if (state.current().isPresent()) {
      return ignore(closed(state, List.of(attempt)), Reason.OTHER_ATTEMPT);
    }
    Optional<ResponseHead> head =
        Optional.ofNullable(state.heads().get(attempt)).or(chunk::getHead);
    return deliver(withCurrent(state, attempt), chunk, head);
  }

  private static Step deliver(AnswerState state, ResponseChunk chunk, Optional<ResponseHead> head) {
    AnswerState next =
        chunk.getEnd().isEmpty()
            ? state
            : new AnswerState(state.heads(), state.closed(), state.current(), true);
    return new Step(
        next,
        new Deliver(
            chunk.getAttemptId(),
            chunk.getAttempt(),
            head,
            chunk.getData(),
            chunk.getFirstSeq(),
            chunk.getCount(),
            chunk.getEnd()));
  }

  private static Step reset(AnswerState state, List<String> attempts) {
    AnswerState next = closed(state, attempts);
    Optional<String> voided = state.current().filter(attempts::contains);
    return voided
        .map(
            attempt ->
                new Step(
                    new AnswerState(next.heads(), next.closed(), Optional.empty(), false),
                    new Restart(attempt)))
        .orElseGet(() -> ignore(next, Reason.NOTHING_TO_RESET));
  }

  private static AnswerState closed(AnswerState state, List<String> attempts) {
    Set<String> closed = new HashSet<>(state.closed());
    closed.addAll(attempts);
    Map<String, ResponseHead> heads = new HashMap<>(state.heads());
    heads.keySet().removeAll(attempts);
    return new AnswerState(heads, closed, state.current(), false);
  }

  private static AnswerState withCurrent(AnswerState state, String attempt) {
    Map<String, ResponseHead> heads = new HashMap<>(state.heads());
    heads.remove(attempt);
    return new AnswerState(heads, state.closed(), Optional.of(attempt), false);
  }

  private static AnswerState held(AnswerState state, ResponseChunk chunk) {
    if (chunk.getHead().isEmpty() || state.heads().containsKey(chunk.getAttemptId())) {
      return state;
    }
    Map<String, ResponseHead> heads = new HashMap<>(state.heads());
    heads.put(chunk.getAttemptId(), chunk.getHead().get());
    return new AnswerState(heads, state.closed(), state.current(), false);
  }

  private static Step ignore(AnswerState state, Reason reason) {
    return new Step(state, new Ignore(reason));
  }
}
