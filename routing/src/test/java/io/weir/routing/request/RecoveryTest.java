package io.weir.routing.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.request.RecoveryVerdict.Close;
import io.weir.routing.request.RecoveryVerdict.Contest;
import io.weir.routing.request.RecoveryVerdict.End;
import io.weir.routing.request.RecoveryVerdict.Leave;
import io.weir.routing.request.RecoveryVerdict.Reason;
import io.weir.routing.request.RecoveryVerdict.Reset;
import io.weir.routing.request.RecoveryVerdict.RunAgain;
import io.weir.routing.request.RecoveryVerdict.Settle;
import io.weir.routing.request.RecoveryVerdict.Text;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Continues;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RequestState;
import io.weir.schemas.ResponseChunk;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryTest {
  private static final Deaths D1_DEAD = (member, epoch) -> member.equals("d1");
  private static final Deaths NONE_DEAD = (member, epoch) -> false;
  private static final AcceptedRequest ASYNC = Lives.request(true, false);

  @Test
  void whatLivesIsLeftAlone() {
    assertThat(decide(Lives.fold(Lives.claimed("a", "d2"))))
        .isEqualTo(new Leave(Reason.IN_GOOD_HANDS));
    assertThat(decide(Lives.fold(Lives.accepted()))).isEqualTo(new Leave(Reason.IN_GOOD_HANDS));
    assertThat(
            decide(
                Lives.fold(
                    Lives.claimed("a", "d1"), Lives.terminal(LifecycleType.SUCCEEDED, "a", "d1"))))
        .isEqualTo(new Leave(Reason.ENDED));
  }

  @Test
  void theLifecycleIsToldFirst() {
    assertThat(decide(Lives.fold(Lives.claimed("a", "d1")), Answers.data("a", 0, "x")))
        .isEqualTo(new Contest());
  }

  @ParameterizedTest
  @CsvSource({
    "deadline_exceeded, EXPIRED",
    "cancelled, CANCELLED",
    "attempts_exhausted, DEAD_LETTERED",
    "engine_died, FAILED"
  })
  void anEndThatStandsIsSettled(String reason, LifecycleType terminal) {
    // Given
    RequestState state = Lives.fold(Lives.claimed("a", "d1"), Lives.contested());

    // Then
    assertThat(decide(state, Answers.data("a", 0, "x"), Answers.end("a", reason)))
        .isInstanceOfSatisfying(
            Settle.class,
            settle -> {
              assertThat(settle.terminal()).isEqualTo(terminal);
              assertThat(settle.attempt().getId()).isEqualTo("a");
              assertThat(settle.firstOffset()).isEqualTo(100);
              assertThat(settle.lastOffset()).isEqualTo(101);
            });
    assertThat(decide(state, Answers.end("a")))
        .isInstanceOfSatisfying(
            Settle.class,
            settle -> assertThat(settle.terminal()).isEqualTo(LifecycleType.SUCCEEDED));
  }

  @Test
  void whatHadNoTextRunsAgain() {
    // Given
    RequestState state =
        Lives.fold(
            Lives.claimed("a", "d1"), Lives.dispatched("a", "d1", "engine-1"), Lives.contested());

    // When
    RecoveryVerdict first = decide(state);
    RecoveryVerdict second = decide(state, Answers.of((Reset) first));

    // Then
    assertThat(first).isEqualTo(new Reset(List.of("a"), Text.VOID));
    assertThat(second)
        .isInstanceOfSatisfying(
            RunAgain.class,
            again -> {
              assertThat(again.closed()).containsExactly("a");
              assertThat(again.requeue().getAttemptNumber()).isEqualTo(2);
              assertThat(again.requeue().getTriedEngines()).containsExactly("engine-1");
              assertThat(again.requeue().getContinues()).isEmpty();
              assertThat(again.requeue().getPointer().getOffset()).isEqualTo(7);
            });
  }

  @Test
  void anEndThatCameBeforeTheResetIsSettled() {
    // Given somebody thought dead who ends the answer after it was read
    RequestState state = Lives.fold(Lives.claimed("a", "d1"), Lives.contested());
    Reset reset = (Reset) decide(state);

    // Then
    assertThat(decide(state, Answers.end("a"), Answers.of(reset))).isInstanceOf(Settle.class);
  }

  @Test
  void unwatchedTextIsVoidAndRunsAgain() {
    // Given
    RequestState state = Lives.fold(Lives.claimed("a", "d1", ASYNC), Lives.contested());
    ResponseChunk text = Answers.data("a", 0, "x");

    // When
    Reset reset = (Reset) decide(state, text);

    // Then
    assertThat(reset).isEqualTo(new Reset(List.of("a"), Text.VOID));
    assertThat(decide(state, text, Answers.of(reset))).isInstanceOf(RunAgain.class);
  }

  @Test
  void aWatchedStreamThatBrokeOffEndsWithAnError() {
    // Given
    RequestState state = Lives.fold(Lives.claimed("a", "d1"), Lives.contested());
    ResponseChunk text = Answers.data("a", 0, "x");

    // When
    End end = (End) decide(state, text);

    // Then
    assertThat(end.attempt().getId()).isEqualTo("a");
    assertThat(end.failure().getReason()).isEqualTo("interrupted");
    assertThat(end.failure().getRetrySafe()).isFalse();
    assertThat(decide(state, text, Answers.of(end)))
        .isInstanceOfSatisfying(
            Settle.class, settle -> assertThat(settle.terminal()).isEqualTo(LifecycleType.FAILED));
  }

  @Test
  void aWatchedStreamGoesOnWherePoolsContinue() {
    // Given
    RequestState state = Lives.fold(Lives.claimed("a", "d1"), Lives.contested());
    ResponseChunk text = Answers.data("a", 0, "xyz");

    // When
    Reset keep = (Reset) decide(state, Lives.CONTINUE, text);
    RecoveryVerdict again = decide(state, Lives.CONTINUE, text, Answers.of(keep));

    // Then
    assertThat(keep).isEqualTo(new Reset(List.of("a"), Text.KEPT));
    assertThat(again)
        .isInstanceOfSatisfying(
            RunAgain.class,
            each -> assertThat(each.requeue().getContinues()).contains(new Continues("a", 1L, 3L)));
  }

  @Test
  void keptTextThatExpiresEndsWhereItIs() {
    // Given
    RequestState state =
        Lives.fold(Lives.claimed("a", "d1"), Lives.contested(), Lives.requeued("a"));
    ResponseChunk text = Answers.data("a", 0, "xyz");
    ResponseChunk keep = Answers.of(new Reset(List.of("a"), Text.KEPT));

    // When
    ReplyReading kept = Answers.reading(text, keep);
    End end = (End) Recovery.decide(state, kept, NONE_DEAD, Lives.CONTINUE, Lives.EXPIRES + 10_001);
    ReplyReading after = Answers.reading(text, keep, Answers.of(end));

    // Then the text stands before the error
    assertThat(after.answer().bytes()).isEqualTo(3);
    assertThat(after.end()).isPresent();
    assertThat(Recovery.decide(state, after, NONE_DEAD, Lives.CONTINUE, Lives.EXPIRES + 10_001))
        .isInstanceOfSatisfying(
            Settle.class, settle -> assertThat(settle.terminal()).isEqualTo(LifecycleType.EXPIRED));
  }

  @Test
  void anotherClaimThatLivesOnlyHasTheDeadOnePutOutOfItsWay() {
    // Given
    RequestState state = Lives.fold(Lives.claimed("a", "d1"), Lives.claimed("b", "d2"));
    ResponseChunk current = Answers.data("b", 0, "x");

    // When
    Reset reset = (Reset) decide(state, current);

    // Then
    assertThat(reset.closed()).containsExactly("a");
    assertThat(decide(state, current, Answers.of(reset))).isEqualTo(new Close(List.of("a")));
  }

  @Test
  void aLivingClaimThatWasBeatenByADeadOneIsClosedToo() {
    // Given text of the dead one first, then of the living one
    RequestState state =
        Lives.fold(Lives.claimed("a", "d1", ASYNC), Lives.claimed("b", "d2", ASYNC));

    // When
    RecoveryVerdict verdict = decide(state, Answers.data("a", 0, "x"), Answers.data("b", 0, "x"));

    // Then
    assertThat(verdict).isEqualTo(new Reset(List.of("a", "b"), Text.VOID));
  }

  @Test
  void aClaimLetGoIsRunAgainThoughItsMemberLives() {
    // Given
    RequestState state = Lives.fold(Lives.claimed("a", "d2"), Lives.letGo("a", "d2"));

    // Then
    assertThat(decide(state)).isEqualTo(new Reset(List.of("a"), Text.VOID));
  }

  @Test
  void aTerminalThatDidNotCountIsSettled() {
    // Given
    RequestState state =
        Lives.fold(
            Lives.claimed("a", "d2"),
            Lives.claimed("b", "d3"),
            Lives.terminal(LifecycleType.SUCCEEDED, "b", "d3"));

    // Then
    assertThat(decide(state, Answers.data("b", 0, "x"), Answers.end("b", 1)))
        .isInstanceOf(Settle.class);
    // and while another's text is the answer, that one is waited for
    assertThat(
            decide(
                state,
                Answers.data("a", 0, "x"),
                Answers.data("b", 0, "x"),
                Answers.end("b"),
                Answers.of(new Reset(List.of("b"), Text.VOID))))
        .isEqualTo(new Close(List.of("b")));
  }

  @Test
  void anAttemptThatIsNewerThanTheStateLives() {
    // Given text of an attempt whose claim was not read yet
    RequestState state =
        Lives.fold(Lives.claimed("a", "d1"), Lives.contested(), Lives.requeued("b"));

    // Then
    RequestState dead = Lives.fold(Lives.claimed("a", "d1"), Lives.contested());
    assertThat(decide(dead, Answers.data("new", 0, "x")))
        .isEqualTo(new Reset(List.of("a"), Text.VOID));
    // but not one that was closed
    assertThat(decide(state, Answers.data("b", 0, "x"))).isInstanceOf(End.class);
  }

  @Test
  void tooManyAttemptsAreADeadLetter() {
    // Given
    RequestState state =
        Lives.fold(
            Lives.claimed("a", "d1"),
            Lives.requeued("a"),
            Lives.claimed("b", "d1"),
            Lives.requeued("b"),
            Lives.claimed("c", "d1"));

    // When
    End end = (End) decide(state);

    // Then
    assertThat(end.failure().getReason()).isEqualTo("attempts_exhausted");
    assertThat(decide(state, Answers.of(end)))
        .isInstanceOfSatisfying(
            Settle.class,
            settle -> assertThat(settle.terminal()).isEqualTo(LifecycleType.DEAD_LETTERED));
  }

  @Test
  void whatNobodyHoldsIsEndedSomeTimeAfterItsExpiry() {
    // Given
    RequestState state = Lives.fold(Lives.accepted());
    RequestState contested = Lives.fold(Lives.accepted(), Lives.contested());

    // Then
    assertThat(at(state, Lives.EXPIRES + 10_000)).isInstanceOf(Leave.class);
    assertThat(at(state, Lives.EXPIRES + 10_001)).isEqualTo(new Contest());
    assertThat(at(contested, Lives.EXPIRES + 10_001))
        .isInstanceOfSatisfying(
            End.class,
            end -> {
              assertThat(end.failure().getStatus()).isEqualTo(504);
              assertThat(end.failure().getRetrySafe()).isTrue();
            });
  }

  @Test
  void anEndOfOurOwnThatWasBeatenIsWrittenAgainUnderAnotherId() {
    // Given a claim that came in between, and then died
    RequestState state = Lives.fold(Lives.accepted(), Lives.contested());
    End end = (End) at(state, Lives.EXPIRES + 10_001);
    RequestState claimed =
        Lives.fold(Lives.accepted(), Lives.contested(), Lives.claimed("a", "d1", ASYNC));

    // When
    ReplyReading reading =
        Answers.reading(
            Answers.data("a", 0, "x"),
            Answers.of(end),
            Answers.of(new Reset(List.of("a"), Text.VOID)));
    RecoveryVerdict again =
        Recovery.decide(claimed, reading, D1_DEAD, Lives.ERROR, Lives.EXPIRES + 10_001);

    // Then
    assertThat(again)
        .isInstanceOfSatisfying(
            End.class, other -> assertThat(other.attempt()).isNotEqualTo(end.attempt()));
  }

  @Test
  void aRequestWhoseRecordIsUnknownCannotRunAgain() {
    // Given
    AcceptedRequest known = Lives.request(false, false);
    AcceptedRequest request =
        new AcceptedRequest(
            null,
            known.getReply(),
            known.getPath(),
            false,
            known.getEnqueuedAt(),
            known.getExpiresAt(),
            1,
            1,
            1L,
            false,
            null,
            null);
    RequestState state = Lives.fold(Lives.claimed("a", "d1", request), Lives.contested());

    // Then
    assertThat(decide(state))
        .isInstanceOfSatisfying(
            End.class, end -> assertThat(end.failure().getReason()).isEqualTo("original_lost"));
  }

  private static RecoveryVerdict at(RequestState state, long clock) {
    return Recovery.decide(state, ReplyReading.NONE, NONE_DEAD, Lives.ERROR, clock);
  }

  private static RecoveryVerdict decide(RequestState state, ResponseChunk... chunks) {
    return decide(state, Lives.ERROR, chunks);
  }

  private static RecoveryVerdict decide(
      RequestState state, RecoveryPolicy policy, ResponseChunk... chunks) {
    return Recovery.decide(state, Answers.reading(chunks), D1_DEAD, policy, 1_000);
  }
}
