package io.weir.routing.answer;

import io.weir.schemas.ResponseHead;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a reader of one request's chunks knows so far. Its size grows with the number of attempts
 * only, never with the text.
 *
 * @param heads heads of attempts that have published nothing else yet, by attempt id
 * @param closed attempts that cannot become current any more: closed by a RESET, or beaten to it
 * @param current the attempt whose text is the answer, once one is
 * @param ended true once an END stands; nothing changes after it
 */
public record AnswerState(
    Map<String, ResponseHead> heads, Set<String> closed, Optional<String> current, boolean ended) {
  /** Nothing read yet. */
  public static final AnswerState INITIAL =
      new AnswerState(Map.of(), Set.of(), Optional.empty(), false);

  public AnswerState {
    heads = Map.copyOf(heads);
    closed = Set.copyOf(closed);
  }
}
