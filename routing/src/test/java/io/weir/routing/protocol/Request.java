package io.weir.routing.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.routing.request.EndFailures;
import io.weir.routing.request.ReplyReading;
import io.weir.routing.request.RequestFold;
import io.weir.schemas.Attempt;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.OpenClaim;
import io.weir.schemas.RequestState;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.util.Optional;
import java.util.TreeSet;

/** What the logs hold of one request, read with the real reducers. */
final class Request {
  /** How many events an answer has. */
  static final int EVENTS = 2;

  final int number;
  private Optional<RequestState> life = Optional.empty();
  private ReplyReading reading = ReplyReading.NONE;
  private String text = "";
  private long offset;

  Request(int number) {
    this.number = number;
  }

  Request copy() {
    Request copy = new Request(number);
    copy.life = life;
    copy.reading = reading;
    copy.text = text;
    copy.offset = offset;
    return copy;
  }

  Optional<RequestState> life() {
    return life;
  }

  ReplyReading reading() {
    return reading;
  }

  /** An event comes to the lifecycle. */
  void append(LifecycleEvent event) {
    Optional<LifecycleEvent> before = life.flatMap(RequestState::getTerminal);
    life = Optional.of(RequestFold.apply(life, event, 0, offset++));
    Optional<LifecycleEvent> after = life.flatMap(RequestState::getTerminal);
    Violation.unless(before.isEmpty() || before.equals(after), "the visible terminal has changed");
  }

  /** A chunk comes to the reply partition. */
  void append(ResponseChunk chunk) {
    ReplyReading next = reading.then(offset++, chunk);
    boolean part = next.lastOffset() != reading.lastOffset();
    long before = next.answer().bytes() - chunk.getData().remaining();
    text = text.substring(0, (int) Math.min(text.length(), part ? before : next.answer().bytes()));
    if (part) {
      text += UTF_8.decode(chunk.getData().duplicate());
    }
    reading = next;
  }

  /** What must hold at all times. */
  void check() {
    StringBuilder whole = new StringBuilder();
    for (int seq = 0; seq < EVENTS; seq++) {
      whole.append(Records.text(number, seq));
    }
    Violation.unless(whole.toString().startsWith(text), "the text is '" + text + "'");
    boolean success = reading.end().isPresent() && reading.end().get().getFailure().isEmpty();
    Violation.unless(!success || text.contentEquals(whole), "the text ends after '" + text + "'");
    Optional<LifecycleEvent> terminal = life.flatMap(RequestState::getTerminal);
    terminal.ifPresent(this::check);
  }

  private void check(LifecycleEvent terminal) {
    Violation.unless(reading.end().isPresent(), "a visible terminal without END");
    Optional<String> current = reading.current().map(Attempt::getId);
    Violation.unless(
        terminal.getAttempt().map(Attempt::getId).equals(current),
        "the terminal is of " + terminal.getAttempt() + ", the text of " + current);
    Violation.unless(
        EndFailures.terminal(reading.end().flatMap(ResponseEnd::getFailure)) == terminal.getType(),
        "the terminal is " + terminal.getType() + ", the END is " + reading.end());
  }

  boolean isEnded() {
    return life.flatMap(RequestState::getTerminal).isPresent();
  }

  boolean isClaimed() {
    return life.filter(state -> !state.getClaims().isEmpty()).isPresent();
  }

  /** All that what follows depends on. */
  @Override
  public String toString() {
    StringBuilder key = new StringBuilder();
    life.ifPresent(state -> describe(state, key));
    key.append('|')
        .append(new TreeSet<>(reading.answer().closed()))
        .append(reading.answer().current().orElse("-"))
        .append(reading.answer().chain().size())
        .append(text)
        .append(reading.answer().continuation().isPresent())
        .append(reading.end().map(end -> EndFailures.terminal(end.getFailure())));
    return key.toString();
  }

  static void describe(RequestState state, StringBuilder key) {
    for (OpenClaim claim : state.getClaims()) {
      key.append(claim.getAttempt().getId())
          .append(claim.getMember())
          .append(claim.getMemberEpoch())
          .append(claim.getReleased() ? '!' : '.');
    }
    key.append(new TreeSet<>(state.getClosedAttempts()))
        .append(state.getAttempts())
        .append(state.getContested() ? 'c' : '-')
        .append(state.getRequest().isPresent() ? 'a' : '-')
        .append(state.getTerminal().isPresent() ? 't' : '-');
  }
}
