package io.weir.routing.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Restart;
import io.weir.schemas.ResponseChunk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every order in which small histories can reach the log. */
class AnswerInterleavingsTest {
  private static final Map<String, String> TEXTS = Map.of("a", "123", "b", "xyz", "c", "-");

  static List<List<List<ResponseChunk>>> histories() {
    List<ResponseChunk> a = attempt("a");
    List<ResponseChunk> b = attempt("b");
    List<ResponseChunk> dying = a.subList(0, 3);
    List<ResponseChunk> bare = List.of(Chunks.end("c"));
    List<ResponseChunk> whole = List.of(Chunks.whole("c", "-"));
    return List.of(
        List.of(a, b),
        List.of(a, b, bare),
        List.of(a, whole, List.of(Chunks.reset("a"))),
        List.of(a, b, List.of(Chunks.reset("a"))),
        List.of(dying, b, List.of(Chunks.reset("a"), Chunks.reset("a", "b"))),
        List.of(dying, whole, bare, List.of(Chunks.reset("a"))));
  }

  @ParameterizedTest
  @MethodSource("histories")
  void theAnswerIsAlwaysOneAttemptsPrefixInOrder(List<List<ResponseChunk>> writers) {
    // Given every order that keeps each writer's own order
    for (List<ResponseChunk> log : interleavings(writers)) {
      Reader reader = new Reader();
      Set<String> closed = new HashSet<>();

      for (int i = 0; i < log.size(); i++) {
        boolean endedBefore = reader.ended;
        String textBefore = reader.text.toString();
        if (!reader.ended) {
          closed.addAll(log.get(i).getClosedAttempts());
        }

        // When
        AnswerEffect effect = reader.read(log.get(i));

        // Then nothing follows an END
        if (endedBefore) {
          assertThat(effect).isInstanceOf(AnswerEffect.Ignore.class);
          assertThat(reader.text).hasToString(textBefore);
        }
        // and the text is one live attempt's prefix
        if (!reader.text.isEmpty()) {
          assertThat(TEXTS.get(reader.attempt.orElseThrow())).startsWith(reader.text);
          assertThat(reader.ended || !closed.contains(reader.attempt.get())).isTrue();
        }
        // and a reader who starts anew agrees with one who followed
        Reader anew = new Reader();
        log.subList(0, i + 1).forEach(anew::read);
        assertThat(anew.text).hasToString(reader.text.toString());
        assertThat(anew.attempt).isEqualTo(reader.attempt);
        assertThat(anew.ended).isEqualTo(reader.ended);
      }

      // and an answer that ended is whole, and some answer ends if any open attempt's END comes
      if (reader.ended && !reader.text.isEmpty()) {
        assertThat(reader.text).hasToString(TEXTS.get(reader.attempt.orElseThrow()));
      }
      assertThat(reader.ended).isEqualTo(firstDecidedEnds(log));
    }
  }

  /** The rule in other words: walk the log from one deciding chunk to the next. */
  private static boolean firstDecidedEnds(List<ResponseChunk> log) {
    Set<String> closed = new HashSet<>();
    String leader = "";
    for (ResponseChunk chunk : log) {
      closed.addAll(chunk.getClosedAttempts());
      leader = closed.contains(leader) ? "" : leader;
      boolean open = !chunk.getAttemptId().isEmpty() && !closed.contains(chunk.getAttemptId());
      boolean decides = chunk.getData().hasRemaining() || chunk.getEnd().isPresent();
      if (open && decides && leader.isEmpty()) {
        leader = chunk.getAttemptId();
      } else if (open && decides && !leader.equals(chunk.getAttemptId())) {
        closed.add(chunk.getAttemptId());
      }
      if (chunk.getEnd().isPresent() && leader.equals(chunk.getAttemptId())) {
        return true;
      }
    }
    return false;
  }

  private static List<ResponseChunk> attempt(String id) {
    List<ResponseChunk> chunks = new ArrayList<>();
    chunks.add(Chunks.head(id));
    TEXTS.get(id).chars().forEach(c -> chunks.add(Chunks.data(id, Character.toString(c))));
    chunks.add(Chunks.end(id, TEXTS.get(id).length()));
    return chunks;
  }

  private static <T> List<List<T>> interleavings(List<List<T>> writers) {
    if (writers.stream().allMatch(List::isEmpty)) {
      return List.of(List.of());
    }
    List<List<T>> all = new ArrayList<>();
    for (int i = 0; i < writers.size(); i++) {
      if (writers.get(i).isEmpty()) {
        continue;
      }
      List<List<T>> rest = new ArrayList<>(writers);
      rest.set(i, writers.get(i).subList(1, writers.get(i).size()));
      for (List<T> tail : interleavings(rest)) {
        List<T> order = new ArrayList<>();
        order.add(writers.get(i).get(0));
        order.addAll(tail);
        all.add(order);
      }
    }
    return all;
  }

  private static final class Reader {
    private final StringBuilder text = new StringBuilder();
    private AnswerState state = AnswerState.INITIAL;
    private Optional<String> attempt = Optional.empty();
    private boolean ended;

    AnswerEffect read(ResponseChunk chunk) {
      AnswerReducer.Step step = AnswerReducer.apply(state, chunk);
      state = step.state();
      switch (step.effect()) {
        case Deliver piece -> deliver(piece);
        case AnswerEffect.Replace replaced -> {
          text.setLength(0);
          deliver(replaced.piece());
        }
        case Restart voided -> {
          assertThat(attempt).contains(voided.closedAttempt());
          attempt = Optional.empty();
          text.setLength(0);
        }
        case AnswerEffect.Ignore ignored -> {}
      }
      return step.effect();
    }

    private void deliver(Deliver piece) {
      attempt = Optional.of(piece.attempt());
      text.append(Chunks.text(piece.data()));
      ended = piece.end().isPresent();
    }
  }
}
