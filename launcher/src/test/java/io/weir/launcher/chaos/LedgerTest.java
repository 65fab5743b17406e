package io.weir.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.engine.SimText;
import io.weir.schemas.LifecycleType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final ChaosRequest REQUEST = Requests.sync(1, 5);
  private static final String RIGHT = Requests.completion(SimText.answer(REQUEST.prompt(), 5));
  private static final FaultTimes PAUSED =
      new FaultTimes(
          new Fault(FaultAction.PAUSE, Role.CONTROLLER, "controller-2"), 900, 1_100, 9_000);

  private final RequestLife life = new RequestLife("r1");
  private final ClientEntry client = new ClientEntry(REQUEST, 0);

  @Test
  void anAnsweredRequestIsWhole() {
    // Given
    accepted();
    run("a1");
    // When, then
    assertThat(breaches(new Outcome.Answered())).isEmpty();
  }

  @Test
  void aRequestWithoutTerminalIsLost() {
    // Given
    accepted();
    life.event(2, 0, Requests.claim("r1", "dispatcher-1", 1, "a1", "engine-1"));
    // When, then
    assertThat(breaches(new Outcome.Disconnected()))
        .extracting(Breach::promise)
        .containsExactly(Ledger.LOST);
  }

  @Test
  void aRequestThatOnlyTheLaneKnowsIsLost() {
    // Given
    accepted();
    // When, then
    assertThat(breaches(new Outcome.Disconnected()))
        .extracting(Breach::promise)
        .containsExactly(Ledger.LOST);
  }

  @Test
  void aTerminalWithoutAnEndIsABreach() {
    // Given
    accepted();
    life.event(2, 0, Requests.claim("r1", "dispatcher-1", 1, "a1", "engine-1"));
    life.event(3, 1, Requests.terminal("r1", LifecycleType.SUCCEEDED, "a1"));
    // When, then
    assertThat(breaches(new Outcome.Answered()))
        .extracting(Breach::promise)
        .containsExactly("ended without an END");
  }

  @Test
  void theTerminalMustBeTheTexts() {
    // Given
    accepted();
    life.event(2, 0, Requests.claim("r1", "dispatcher-1", 1, "a1", "engine-1"));
    life.chunk(3, 0, Requests.answer("r1", "a0", RIGHT, Optional.empty()));
    life.event(4, 1, Requests.terminal("r1", LifecycleType.SUCCEEDED, "a1"));
    // When, then
    assertThat(breaches(new Outcome.Answered()))
        .extracting(Breach::promise)
        .containsExactly("the terminal is of another attempt than the text");
  }

  @Test
  void anothersAnswerIsFoundInTheLogToo() {
    // Given
    accepted();
    life.event(2, 0, Requests.claim("r1", "dispatcher-1", 1, "a1", "engine-1"));
    String anothers = Requests.completion(SimText.answer("another prompt", 5));
    life.chunk(3, 0, Requests.answer("r1", "a1", anothers, Optional.empty()));
    life.event(4, 1, Requests.terminal("r1", LifecycleType.SUCCEEDED, "a1"));
    // When, then
    assertThat(breaches(new Outcome.Disconnected()))
        .extracting(Breach::promise)
        .containsExactly(Ledger.TEXT);
  }

  @Test
  void aClientThatWaitsForEverIsABreach() {
    // Given
    accepted();
    run("a1");
    // When, then
    assertThat(breaches(new Outcome.Unanswered()))
        .extracting(Breach::promise)
        .containsExactly("a client never got its answer's end");
  }

  @Test
  void anAnswerThatTheLogDoesNotKnowIsABreach() {
    // When
    client.ended(new Outcome.Answered(), 1);
    // Then
    assertThat(Ledger.breaches(List.of(client), List.of(), List.of()))
        .extracting(Breach::promise)
        .containsExactly("a client's whole answer is no success in the log");
  }

  @Test
  void whatALivingDispatcherHoldsIsNotRequeued() {
    // Given
    accepted();
    life.event(900, 0, Requests.claim("r1", "dispatcher-1", 1, "a1", "engine-1"));
    life.event(1_000, 1, Requests.requeued("r1", "a1"));
    life.event(1_100, 2, Requests.claim("r1", "dispatcher-2", 1, "a2", "engine-1"));
    life.chunk(1_200, 0, Requests.answer("r1", "a2", RIGHT, Optional.empty()));
    life.event(1_300, 3, Requests.terminal("r1", LifecycleType.SUCCEEDED, "a2"));
    RequestLife later = new RequestLife("r2");
    later.event(6_000, 0, Requests.claim("r2", "dispatcher-1", 1, "a3", "engine-1"));
    client.ended(new Outcome.Answered(), 2_000);
    // When
    List<Breach> breaches = Requeues.ofTheLiving(List.of(life, later), List.of(PAUSED));
    // Then
    assertThat(breaches).extracting(Breach::promise).containsExactly(Requeues.PROMISE);
    assertThat(breaches).extracting(Breach::requestId).containsExactly("r1");
    assertThat(Requeues.ofTheLiving(List.of(life), List.of(PAUSED))).isEmpty();
  }

  @Test
  void howLongHeldRequestsWaitIsTold() {
    // Given
    FaultTimes killed =
        new FaultTimes(
            new Fault(FaultAction.KILL, Role.DISPATCHER, "dispatcher-1"), 1_000, 2_000, 9_000);
    accepted();
    life.event(900, 0, Requests.claim("r1", "dispatcher-1", 1, "a1", "engine-1"));
    life.event(4_000, 1, Requests.requeued("r1", "a1"));
    life.event(4_500, 2, Requests.claim("r1", "dispatcher-2", 1, "a2", "engine-1"));
    // When
    Recovery recovery = Recovery.of(killed, List.of(life));
    // Then
    assertThat(recovery.heldAgain()).containsExactly(3_500L);
    assertThat(recovery.begun()).isZero();
    assertThat(recovery.heldLost()).isZero();
  }

  @Test
  void linesOfABatchRunOnceEachAndHaveTheirOwnText() {
    // Given a batch whose lines all ran
    ClientEntry batch = new ClientEntry(Requests.of(1, Kind.BATCH, 5, Optional.empty()), 0);
    batch.ended(new Outcome.Answered(), 5);
    List<RequestLife> lines = new ArrayList<>();
    for (int i = 0; i < batch.request().lines(); i++) {
      lines.add(line(batch.request(), i, i));
    }
    // When, then
    assertThat(Ledger.breaches(List.of(batch), lines, List.of())).isEmpty();

    // When one is missing and another has its neighbour's answer
    lines.set(0, line(batch.request(), 0, 1));
    lines.removeLast();
    // Then
    assertThat(Ledger.breaches(List.of(batch), lines, List.of()))
        .extracting(Breach::promise)
        .containsExactlyInAnyOrder(Ledger.TEXT, Ledger.LINES);
  }

  @Test
  void oneKeyHasOneAnswerBesidesWhatAKilledIngressLeftToNobody() {
    // Given a keyed request that stands in the log twice
    ChaosRequest request = Requests.of(1, Kind.SYNC, 5, Optional.of("key"));
    ClientEntry keyed = new ClientEntry(request, 0);
    keyed.told("r2");
    keyed.ended(new Outcome.Answered(), 5_000);
    List<RequestLife> both =
        List.of(succeeded("r1", request, 1_000), succeeded("r2", request, 1_400));
    Fault killed = new Fault(FaultAction.KILL, Role.INGRESS, "ingress-1");
    // When, then it is a breach, also long before or after an ingress dies
    assertThat(keyBreaches(keyed, both, List.of())).hasSize(1);
    assertThat(keyBreaches(keyed, both, List.of(new FaultTimes(killed, 9_000, 9_500, 9_900))))
        .hasSize(1);
    // When the first was written as its ingress died, then it is none
    FaultTimes then = new FaultTimes(killed, 1_020, 9_000, 9_900);
    assertThat(Ledger.breaches(List.of(keyed), both, List.of(then))).isEmpty();
    // When the client was told of both, then nothing excuses that
    keyed.told("r1");
    assertThat(keyBreaches(keyed, both, List.of(then))).hasSize(1);
  }

  private static List<Breach> keyBreaches(
      ClientEntry client, List<RequestLife> lives, List<FaultTimes> faults) {
    return Ledger.breaches(List.of(client), lives, faults).stream()
        .filter(breach -> breach.promise().equals("one idempotency key, several successes"))
        .toList();
  }

  private static RequestLife succeeded(String id, ChaosRequest request, long at) {
    RequestLife life = new RequestLife(id);
    String text = Requests.completion(SimText.answer(request.prompt(), 5));
    life.request(at, "lane", Requests.record(id, request));
    life.event(at + 1, 0, Requests.claim(id, "dispatcher-1", 1, "a-" + id, "engine-1"));
    life.chunk(at + 2, 0, Requests.answer(id, "a-" + id, text, Optional.empty()));
    life.event(at + 3, 1, Requests.terminal(id, LifecycleType.SUCCEEDED, "a-" + id));
    return life;
  }

  private static RequestLife line(ChaosRequest batch, int line, int answered) {
    String id = "line-" + line;
    RequestLife life = new RequestLife(id);
    String text = SimText.answer(batch.line(answered).prompt(), 5);
    life.request(1, "lane", Requests.record(id, batch.line(line)));
    life.event(2, 0, Requests.claim(id, "dispatcher-1", 1, "a" + line, "engine-1"));
    life.chunk(3, 0, Requests.answer(id, "a" + line, Requests.completion(text), Optional.empty()));
    life.event(4, 1, Requests.terminal(id, LifecycleType.SUCCEEDED, "a" + line));
    return life;
  }

  private void accepted() {
    life.request(1, "lane", Requests.record("r1", REQUEST));
  }

  private void run(String attempt) {
    life.event(2, 0, Requests.claim("r1", "dispatcher-1", 1, attempt, "engine-1"));
    life.chunk(3, 0, Requests.answer("r1", attempt, RIGHT, Optional.empty()));
    life.event(4, 1, Requests.terminal("r1", LifecycleType.SUCCEEDED, attempt));
  }

  private List<Breach> breaches(Outcome outcome) {
    client.told("r1");
    client.ended(outcome, 5);
    return Ledger.breaches(List.of(client), List.of(life), List.of());
  }
}
