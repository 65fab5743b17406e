package io.weir.launcher.chaos;

import io.weir.schemas.Attempt;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ResponseEnd;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what clients got against what the log says, and both against what is promised: every
 * accepted request comes to one visible end, which is its answer's; every answer is the right one.
 */
final class Ledger {
  static final String LOST = "accepted and never ended";
  static final String STARVED = "expired though it could run";
  static final String TEXT = "wrong text";
  static final String LINES = "the lines of a batch did not run once each";

  /** Between a request's record and its key's; longer than a produce may take. */
  private static final long ORPHAN_MILLIS = 2_000;

  private final Map<Integer, ClientEntry> clients = new HashMap<>();
  private final List<Breach> breaches = new ArrayList<>();

  private Ledger(Collection<ClientEntry> entries) {
    entries.forEach(entry -> clients.put(entry.request().number(), entry));
  }

  /** Every promise that was not kept. */
  static List<Breach> breaches(
      Collection<ClientEntry> entries, Collection<RequestLife> lives, List<FaultTimes> faults) {
    Ledger ledger = new Ledger(entries);
    Map<String, RequestLife> byId = new HashMap<>();
    Map<Integer, Integer> successes = new HashMap<>();
    for (RequestLife life : lives) {
      byId.put(life.id(), life);
      if (life.laneRecords() > 0 || !life.steps().isEmpty()) {
        ledger.server(life);
      }
      if (life.succeeded() && life.number().isPresent() && !ledger.isOrphan(life, faults)) {
        successes.merge(life.number().get(), 1, Integer::sum);
      }
    }
    entries.forEach(
        entry -> ledger.client(entry, byId, successes.getOrDefault(entry.request().number(), 0)));
    Requeues.ofTheLiving(lives, faults).forEach(ledger.breaches::add);
    return List.copyOf(ledger.breaches);
  }

  private void server(RequestLife life) {
    if (life.laneRecords() == 0 && !isShed(life)) {
      add("in the lifecycle but in no lane", life, "");
      return;
    }
    if (life.laneRecords() > 1) {
      add("accepted twice", life, life.laneRecords() + " records in lanes");
    }
    Optional<LifecycleEvent> terminal = life.terminal();
    if (terminal.isEmpty()) {
      add(LOST, life, "no visible terminal");
      return;
    }
    if (terminal.get().getType() == LifecycleType.EXPIRED) {
      add(STARVED, life, "");
    }
    if (terminal.get().getType() != LifecycleType.SHED) {
      end(life, terminal.get());
    }
  }

  /** The terminal and the answer's end must be of one mind. */
  private void end(RequestLife life, LifecycleEvent terminal) {
    Optional<ResponseEnd> end = life.reply().end();
    if (end.isEmpty()) {
      add("ended without an END", life, terminal.getType().toString());
      return;
    }
    boolean whole = end.get().getFailure().isEmpty();
    if (whole != (terminal.getType() == LifecycleType.SUCCEEDED)) {
      add("END and terminal differ", life, terminal.getType() + ", the END is " + end.get());
    }
    Optional<String> attempt = terminal.getAttempt().map(Attempt::getId);
    if (attempt.isPresent() && !attempt.equals(life.reply().endedBy())) {
      add(
          "the terminal is of another attempt than the text",
          life,
          attempt.get() + " and " + life.reply().endedBy().orElse("none"));
    }
    if (whole) {
      text(life);
    }
  }

  private void text(RequestLife life) {
    ClientEntry entry = life.number().map(clients::get).orElse(null);
    if (entry == null) {
      return;
    }
    ChaosRequest request = life.line().map(entry.request()::line).orElse(entry.request());
    Outcome outcome = BodyText.outcome(request, life.isStream(), life.reply().text());
    if (!(outcome instanceof Outcome.Answered)) {
      add(TEXT, life, "in the reply partition: " + outcome);
    }
  }

  private void client(ClientEntry entry, Map<String, RequestLife> byId, int successes) {
    Outcome outcome = entry.outcome().orElse(new Outcome.Unanswered());
    Optional<RequestLife> life =
        entry.ids().stream().map(byId::get).filter(found -> found != null).findFirst();
    int number = entry.request().number();
    String id = life.map(RequestLife::id).orElse("");
    switch (outcome) {
      case Outcome.Wrong wrong -> breaches.add(new Breach(TEXT, id, number, wrong.problem()));
      case Outcome.Denied denied ->
          breaches.add(new Breach("an accepted id is denied", id, number, denied.toString()));
      case Outcome.Unanswered none ->
          breaches.add(new Breach("a client never got its answer's end", id, number, ""));
      case Outcome.Answered answered -> {
        boolean open = life.isPresent() && life.get().terminal().isEmpty();
        if (successes == 0 && !open) {
          breaches.add(
              new Breach("a client's whole answer is no success in the log", id, number, ""));
        }
      }
      case Outcome.Interrupted ignored -> {}
      case Outcome.Refused ignored -> {}
      case Outcome.Disconnected ignored -> {}
    }
    if (entry.request().kind() == Kind.BATCH
        && outcome instanceof Outcome.Answered
        && successes != entry.request().lines()) {
      breaches.add(
          new Breach(LINES, id, number, successes + " successes of " + entry.request().lines()));
    }
    if (entry.request().key().isPresent() && successes > 1) {
      breaches.add(
          new Breach("one idempotency key, several successes", id, number, successes + " of them"));
    }
  }

  /**
   * True if its ingress died between the request's record and its key's: nobody was told of it, the
   * client has the answer of another one, and it only cost an engine's work.
   */
  private boolean isOrphan(RequestLife life, List<FaultTimes> faults) {
    ClientEntry entry = life.number().map(clients::get).orElse(null);
    return entry != null
        && entry.request().key().isPresent()
        && !entry.ids().isEmpty()
        && !entry.ids().contains(life.id())
        && faults.stream()
            .filter(fault -> fault.fault().role() == Role.INGRESS)
            .anyMatch(fault -> Math.abs(life.acceptedAt() - fault.began()) < ORPHAN_MILLIS);
  }

  private static boolean isShed(RequestLife life) {
    return life.steps().stream().allMatch(step -> step.type() == LifecycleType.SHED);
  }

  private void add(String promise, RequestLife life, String detail) {
    breaches.add(new Breach(promise, life.id(), life.number().orElse(-1), detail));
  }
}
