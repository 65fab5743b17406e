package io.weir.routing.request;

import io.weir.routing.answer.AnswerEffect;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Replace;
import io.weir.routing.answer.AnswerReducer;
import io.weir.routing.answer.AnswerState;
import io.weir.schemas.Attempt;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a read of a request's reply partition found so far.
 *
 * @param answer what the chunks amount to
 * @param published where the first chunk of each attempt that has published anything lies
 * @param numbers of those attempts
 * @param end the END that stands, if one does
 * @param lastOffset of the newest chunk that is part of the answer; −1 if there is none
 */
public record ReplyReading(
    AnswerState answer,
    Map<String, Long> published,
    Map<String, Integer> numbers,
    Optional<ResponseEnd> end,
    long lastOffset) {
  /** Nothing read yet. */
  public static final ReplyReading NONE =
      new ReplyReading(AnswerState.INITIAL, Map.of(), Map.of(), Optional.empty(), -1);

  /** A chunk and where it lies. */
  public record Read(long offset, ResponseChunk chunk) {}

  public ReplyReading {
    published = Map.copyOf(published);
    numbers = Map.copyOf(numbers);
  }

  /** What the chunks of one request amount to, in the order of their partition. */
  public static ReplyReading of(Iterable<Read> chunks) {
    ReplyReading reading = NONE;
    for (Read read : chunks) {
      reading = reading.then(read.offset(), read.chunk());
    }
    return reading;
  }

  /** With the request's next chunk. */
  public ReplyReading then(long offset, ResponseChunk chunk) {
    AnswerReducer.Step step = AnswerReducer.apply(answer, chunk);
    Optional<Deliver> piece = piece(step.effect());
    String attempt = chunk.getAttemptId();
    boolean first = chunk.getClosedAttempts().isEmpty() && !published.containsKey(attempt);
    return new ReplyReading(
        step.state(),
        first ? with(published, attempt, offset) : published,
        first ? with(numbers, attempt, chunk.getAttempt()) : numbers,
        end.or(() -> piece.flatMap(Deliver::end)),
        piece.isPresent() ? offset : lastOffset);
  }

  /** The attempt whose text is the answer. */
  public Optional<Attempt> current() {
    return answer.current().map(id -> new Attempt(id, numbers.getOrDefault(id, 1)));
  }

  /** Where the answer's first chunk lies; −1 if there is none. */
  public long firstOffset() {
    return answer.chain().isEmpty()
        ? -1
        : published.getOrDefault(answer.chain().get(0).attempt(), -1L);
  }

  private static Optional<Deliver> piece(AnswerEffect effect) {
    return switch (effect) {
      case Deliver piece -> Optional.of(piece);
      case Replace replaced -> Optional.of(replaced.piece());
      case AnswerEffect.Restart voided -> Optional.empty();
      case AnswerEffect.Ignore ignored -> Optional.empty();
    };
  }

  private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
    Map<String, T> copy = new HashMap<>(map);
    copy.put(key, value);
    return copy;
  }
}
