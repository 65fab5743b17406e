package io.weir.launcher.chaos;

import io.weir.routing.answer.TerminalReducer;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ResponseChunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** All that the log says of one request id, read with the rules that everybody reads it by. */
final class RequestLife {
  private final String id;
  private final List<Step> steps = new ArrayList<>();
  private final List<TimedText> notes = new ArrayList<>();
  private final ReplyLog reply = new ReplyLog();
  private TerminalReducer.State terminals = TerminalReducer.State.INITIAL;
  private Optional<Integer> number = Optional.empty();
  private Optional<Integer> line = Optional.empty();
  private boolean stream;
  private int laneRecords;
  private long laneAt;
  private int terminalEvents;

  RequestLife(String id) {
    this.id = id;
  }

  void request(long at, String where, InferenceRequest request) {
    laneRecords++;
    laneAt = at;
    stream = request.getStream();
    String body = StandardCharsets.UTF_8.decode(request.getBody().duplicate()).toString();
    number = ChaosRequest.numberIn(body);
    line = ChaosRequest.lineIn(body);
    notes.add(new TimedText(at, "lane    " + where));
  }

  void event(long at, long offset, LifecycleEvent event) {
    steps.add(Step.of(at, offset, event));
    if (TerminalReducer.isTerminal(event.getType())) {
      terminalEvents++;
    }
    terminals = TerminalReducer.apply(terminals, event);
  }

  void chunk(long at, long offset, ResponseChunk chunk) {
    reply.apply(at, offset, chunk);
  }

  /** Something else about it that belongs into its history. */
  void note(long at, String what) {
    notes.add(new TimedText(at, what));
  }

  String id() {
    return id;
  }

  /** The number of the client's request; empty for what is not of this load. */
  Optional<Integer> number() {
    return number;
  }

  /** Which line of the client's batch it is; empty if it is of none. */
  Optional<Integer> line() {
    return line;
  }

  boolean isStream() {
    return stream;
  }

  /** How many records in a lane have its id; 1 if all is well. */
  int laneRecords() {
    return laneRecords;
  }

  /** When its record was taken. */
  long acceptedAt() {
    return laneAt;
  }

  List<Step> steps() {
    return steps;
  }

  ReplyLog reply() {
    return reply;
  }

  Optional<LifecycleEvent> terminal() {
    return terminals.terminal();
  }

  boolean succeeded() {
    return terminal().filter(end -> end.getType() == LifecycleType.SUCCEEDED).isPresent();
  }

  /** Terminals that nobody sees. */
  int hiddenTerminals() {
    return terminalEvents - (terminal().isPresent() ? 1 : 0);
  }

  /** How many attempts were given to an engine. */
  int runs() {
    Set<String> attempts = new HashSet<>();
    steps.stream().filter(Step::runs).forEach(step -> attempts.add(step.attempt()));
    return attempts.size();
  }

  /** When it came to an end, as the broker saw it. */
  OptionalLong endedAt() {
    return steps.stream()
        .filter(step -> TerminalReducer.isTerminal(step.type()))
        .mapToLong(Step::at)
        .findFirst();
  }

  /** Everything in the order of time, for people. */
  String history() {
    List<TimedText> all = new ArrayList<>(notes);
    steps.forEach(
        step -> all.add(new TimedText(step.at(), "life    " + step.offset() + " " + step.text())));
    all.addAll(reply.history());
    all.sort(Comparator.comparingLong(TimedText::at));
    StringBuilder text = new StringBuilder();
    long start = all.isEmpty() ? 0 : all.getFirst().at();
    for (TimedText line : all) {
      text.append(
          String.format(
              Locale.ROOT,
              "    %tT.%<tL %+8d ms  %s%n",
              line.at(),
              line.at() - start,
              line.text()));
    }
    return text.toString();
  }
}
