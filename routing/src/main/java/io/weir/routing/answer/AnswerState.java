package io.weir.routing.answer;

import io.weir.schemas.Continues;
import io.weir.schemas.ResponseHead;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a reader of one request's chunks knows so far. Its size grows with the number of attempts
 * only, never with the text.
 *
 * @param openings what attempts that have published nothing else yet began with, by attempt id
 * @param closed attempts that cannot become current any more: closed by a RESET, or beaten to it
 * @param current the attempt whose text is the answer, once one is
 * @param chain the attempts whose text the answer is made of, in order; the current one is the last
 * @param events server-sent events of the answer so far
 * @param bytes body bytes of the answer so far
 * @param ended true once an END stands; nothing changes after it
 */
public record AnswerState(
    Map<String, Opening> openings,
    Set<String> closed,
    Optional<String> current,
    List<Part> chain,
    long events,
    long bytes,
    boolean ended) {
  /** Nothing read yet. */
  public static final AnswerState INITIAL =
      new AnswerState(Map.of(), Set.of(), Optional.empty(), List.of(), 0, 0, false);

  /** What came with an attempt's first chunk. */
  public record Opening(Optional<ResponseHead> head, Optional<Continues> continues) {}

  /**
   * An attempt's part of the answer.
   *
   * @param firstSeq index of its first event within the answer; its last is the one before the next
   *     part's first
   */
  public record Part(String attempt, long firstSeq) {}

  public AnswerState {
    openings = Map.copyOf(openings);
    closed = Set.copyOf(closed);
    chain = List.copyOf(chain);
  }

  /** True if the text so far waits for an attempt that continues it. */
  public boolean isKept() {
    return current.isEmpty() && !chain.isEmpty();
  }

  /** What an attempt has to say that continues the text so far; empty if none waits for one. */
  public Optional<Continues> continuation() {
    return isKept()
        ? Optional.of(new Continues(chain.get(chain.size() - 1).attempt(), events, bytes))
        : Optional.empty();
  }

  /**
   * True if the event {@code <attempt>.<seq>} is part of the answer so far, so that a reader who
   * has it can go on from there.
   */
  public boolean holds(String attempt, long seq) {
    for (int i = 0; i < chain.size(); i++) {
      Part part = chain.get(i);
      long end = i + 1 < chain.size() ? chain.get(i + 1).firstSeq() : events;
      if (part.attempt().equals(attempt)) {
        return seq >= part.firstSeq() && seq < end;
      }
    }
    return false;
  }
}
