package io.weir.routing.answer;

import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Ignore;
import io.weir.routing.answer.AnswerEffect.Reason;
import io.weir.routing.answer.AnswerEffect.Replace;
import io.weir.routing.answer.AnswerEffect.Restart;
import io.weir.routing.answer.AnswerState.Opening;
import io.weir.routing.answer.AnswerState.Part;
import io.weir.schemas.Continues;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseHead;
import java.util.ArrayList;
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
 *   <li>A RESET that keeps the text closes attempts likewise, but the text so far stands and waits
 *       for an attempt that continues exactly it. One that would continue anything else stays out.
 *       One that continues nothing begins anew: then the kept text is void.
 *   <li>A chunk whose events do not follow on those before it, and an END that claims another
 *       length than the text has, are ignored: something between could not be written. The text up
 *       to the hole stays, until somebody closes the attempt or ends it with a failure.
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
      return reset(state, chunk);
    }
    String attempt = chunk.getAttemptId();
    if (state.closed().contains(attempt)) {
      return ignore(state, Reason.CLOSED_ATTEMPT);
    }
    if (state.current().isPresent() && state.current().get().equals(attempt)) {
      return hasHole(state, chunk)
          ? ignore(state, Reason.HOLE)
          : deliver(state, chunk, Optional.empty());
    }
    if (!chunk.getData().hasRemaining() && chunk.getEnd().isEmpty()) {
      return ignore(held(state, chunk), Reason.HEAD_HELD);
    }
    if (state.current().isPresent()) {
      return ignore(closed(state, List.of(attempt)), Reason.OTHER_ATTEMPT);
    }
    return decide(state, chunk);
  }

  /** The first DATA or END of an attempt while none is current. */
  private static Step decide(AnswerState state, ResponseChunk chunk) {
    String attempt = chunk.getAttemptId();
    Optional<Opening> opening = Optional.ofNullable(state.openings().get(attempt));
    Optional<Continues> continues = opening.flatMap(Opening::continues).or(chunk::getContinues);
    if (continues.isPresent()) {
      return continues.equals(state.continuation()) && !hasHole(state, chunk)
          ? deliver(withCurrent(state, attempt), chunk, Optional.empty())
          : ignore(closed(state, List.of(attempt)), Reason.STALE_CONTINUATION);
    }
    AnswerState anew = withCurrent(textless(state), attempt);
    if (hasHole(anew, chunk)) {
      return ignore(closed(state, List.of(attempt)), Reason.HOLE);
    }
    Step first = deliver(anew, chunk, opening.flatMap(Opening::head).or(chunk::getHead));
    return state
        .continuation()
        .map(
            kept ->
                new Step(first.state(), new Replace(kept.getAttempt(), (Deliver) first.effect())))
        .orElse(first);
  }

  /** True if something is missing between what was delivered and this. */
  private static boolean hasHole(AnswerState state, ResponseChunk chunk) {
    if (chunk.getCount() > 0 && chunk.getFirstSeq() != state.events()) {
      return true;
    }
    long bytes = state.bytes() + chunk.getData().remaining();
    return chunk
        .getEnd()
        .filter(end -> end.getFailure().isEmpty() && end.getBodyBytes() != bytes)
        .isPresent();
  }

  private static Step deliver(AnswerState state, ResponseChunk chunk, Optional<ResponseHead> head) {
    AnswerState next =
        new AnswerState(
            state.openings(),
            state.closed(),
            state.current(),
            state.chain(),
            state.events() + chunk.getCount(),
            state.bytes() + chunk.getData().remaining(),
            chunk.getEnd().isPresent());
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

  private static Step reset(AnswerState state, ResponseChunk chunk) {
    List<String> attempts = chunk.getClosedAttempts();
    AnswerState next = closed(state, attempts);
    if (state.chain().isEmpty()) {
      return ignore(next, Reason.NOTHING_TO_RESET);
    }
    String last = state.chain().get(state.chain().size() - 1).attempt();
    if (!attempts.contains(last)) {
      return ignore(next, Reason.NOTHING_TO_RESET);
    }
    return chunk.getKeepText()
        ? ignore(kept(next), Reason.TEXT_KEPT)
        : new Step(textless(next), new Restart(last));
  }

  private static AnswerState closed(AnswerState state, List<String> attempts) {
    Set<String> closed = new HashSet<>(state.closed());
    closed.addAll(attempts);
    Map<String, Opening> openings = new HashMap<>(state.openings());
    openings.keySet().removeAll(attempts);
    return new AnswerState(
        openings, closed, state.current(), state.chain(), state.events(), state.bytes(), false);
  }

  private static AnswerState kept(AnswerState state) {
    return new AnswerState(
        state.openings(),
        state.closed(),
        Optional.empty(),
        state.chain(),
        state.events(),
        state.bytes(),
        false);
  }

  private static AnswerState textless(AnswerState state) {
    return new AnswerState(
        state.openings(), state.closed(), Optional.empty(), List.of(), 0, 0, false);
  }

  private static AnswerState withCurrent(AnswerState state, String attempt) {
    Map<String, Opening> openings = new HashMap<>(state.openings());
    openings.remove(attempt);
    List<Part> chain = new ArrayList<>(state.chain());
    chain.add(new Part(attempt, state.events()));
    return new AnswerState(
        openings,
        state.closed(),
        Optional.of(attempt),
        chain,
        state.events(),
        state.bytes(),
        false);
  }

  private static AnswerState held(AnswerState state, ResponseChunk chunk) {
    boolean empty = chunk.getHead().isEmpty() && chunk.getContinues().isEmpty();
    if (empty || state.openings().containsKey(chunk.getAttemptId())) {
      return state;
    }
    Map<String, Opening> openings = new HashMap<>(state.openings());
    openings.put(chunk.getAttemptId(), new Opening(chunk.getHead(), chunk.getContinues()));
    return new AnswerState(
        openings,
        state.closed(),
        state.current(),
        state.chain(),
        state.events(),
        state.bytes(),
        false);
  }

  private static Step ignore(AnswerState state, Reason reason) {
    return new Step(state, new Ignore(reason));
  }
}
