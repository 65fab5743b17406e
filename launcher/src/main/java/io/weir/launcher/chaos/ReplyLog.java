package io.weir.launcher.chaos;

import io.weir.routing.answer.AnswerEffect;
import io.weir.routing.answer.AnswerReducer;
import io.weir.routing.answer.AnswerState;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One request's chunks as every reader of the reply partition must understand them. */
final class ReplyLog {
  private static final int MOST_LINES = 64;

  private AnswerState state = AnswerState.INITIAL;
  private final StringBuilder text = new StringBuilder();
  private final List<Line> lines = new ArrayList<>();
  private Optional<ResponseEnd> end = Optional.empty();
  private Optional<String> endedBy = Optional.empty();
  private long firstData = Long.MAX_VALUE;

  /** Chunks of one attempt that came one after the other. */
  private record Line(
      long at, long first, long last, String what, String attempt, long events, boolean counted) {
    String text() {
      return "%s %s%s at %s"
          .formatted(
              what,
              attempt,
              events > 0 ? " (" + events + " events)" : "",
              first == last ? first : first + "-" + last);
    }
  }

  /** Takes the next chunk. */
  void apply(long at, long offset, ResponseChunk chunk) {
    AnswerReducer.Step step = AnswerReducer.apply(state, chunk);
    state = step.state();
    String verdict = "";
    switch (step.effect()) {
      case AnswerEffect.Deliver piece -> {
        if (piece.data().hasRemaining()) {
          firstData = Math.min(firstData, at);
        }
        text.append(utf8(piece.data()));
        if (piece.end().isPresent()) {
          end = piece.end();
          endedBy = Optional.of(piece.attempt());
        }
      }
      case AnswerEffect.Restart restart -> text.setLength(0);
      case AnswerEffect.Ignore ignored -> verdict = " ignored: " + ignored.reason();
      default -> verdict = " " + step.effect();
    }
    note(at, offset, chunk, verdict);
  }

  private void note(long at, long offset, ResponseChunk chunk, String verdict) {
    String what =
        (chunk.getClosedAttempts().isEmpty()
                ? ""
                : "RESET of "
                    + chunk.getClosedAttempts()
                    + (chunk.getKeepText() ? " keeping the text" : ""))
            + (chunk.getHead().isPresent() ? "HEAD " : "")
            + (chunk.getContinues().isPresent() ? "CONTINUES " : "")
            + (chunk.getData().hasRemaining() ? "DATA" : "")
            + chunk
                .getEnd()
                .map(
                    ended ->
                        " END"
                            + ended
                                .getFailure()
                                .map(failure -> " because " + failure.getReason())
                                .orElse(""))
                .orElse("")
            + verdict;
    Line last = lines.isEmpty() ? null : lines.getLast();
    if (last != null && last.what().equals(what) && last.attempt().equals(chunk.getAttemptId())) {
      lines.set(
          lines.size() - 1,
          new Line(
              last.at(),
              last.first(),
              offset,
              what,
              last.attempt(),
              last.events() + chunk.getCount(),
              true));
    } else if (lines.size() < MOST_LINES) {
      lines.add(new Line(at, offset, offset, what, chunk.getAttemptId(), chunk.getCount(), false));
    }
  }

  private static String utf8(ByteBuffer data) {
    return StandardCharsets.UTF_8.decode(data.duplicate()).toString();
  }

  /** The body that stands. */
  String text() {
    return text.toString();
  }

  /** The end that stands. */
  Optional<ResponseEnd> end() {
    return end;
  }

  /** The attempt whose end stands. */
  Optional<String> endedBy() {
    return endedBy;
  }

  /** True if a piece of the answer stood before a time. */
  boolean hadDataBefore(long at) {
    return firstData < at;
  }

  /** What is known only while it is read is forgotten; the lines for people stay. */
  void forgetText() {
    text.setLength(0);
    text.trimToSize();
  }

  /** For people, with the time of each. */
  List<TimedText> history() {
    return lines.stream().map(line -> new TimedText(line.at(), "reply   " + line.text())).toList();
  }
}
