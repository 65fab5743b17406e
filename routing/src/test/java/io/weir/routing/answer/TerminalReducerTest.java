package io.weir.routing.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Attempt;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RequestClass;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TerminalReducerTest {
  private static final LifecycleEvent REQUEUED_A =
      event(LifecycleType.REQUEUED).setClosedAttempts(List.of("a")).build();

  @Test
  void theFirstTerminalIsVisible() {
    assertThat(visible(of(LifecycleType.SUCCEEDED, "a"), of(LifecycleType.FAILED, "b")))
        .contains(of(LifecycleType.SUCCEEDED, "a"));
  }

  @Test
  void theOnlyClaimsTerminalIsVisible() {
    assertThat(visible(of(LifecycleType.CLAIMED, "a"), of(LifecycleType.SUCCEEDED, "a")))
        .contains(of(LifecycleType.SUCCEEDED, "a"));
  }

  @Test
  void aRetryTakesTheClaimsPlace() {
    // Given
    LifecycleEvent retried =
        event(LifecycleType.RETRIED)
            .setAttempt(new Attempt("b", 2))
            .setClosedAttempts(List.of("a"))
            .build();

    // Then
    assertThat(visible(of(LifecycleType.CLAIMED, "a"), retried, of(LifecycleType.FAILED, "a")))
        .isEmpty();
    assertThat(visible(of(LifecycleType.CLAIMED, "a"), retried, of(LifecycleType.FAILED, "b")))
        .contains(of(LifecycleType.FAILED, "b"));
  }

  @ParameterizedTest
  @EnumSource(Contest.class)
  void onlyASettledTerminalOfAContestedRequestCounts(Contest contest) {
    // Given
    LifecycleEvent claimed = of(LifecycleType.CLAIMED, "a");

    // Then
    assertThat(visible(claimed, contest.event(), of(LifecycleType.SUCCEEDED, "a"))).isEmpty();
    assertThat(visible(claimed, contest.event(), of(LifecycleType.SUCCEEDED, "c"))).isEmpty();
    assertThat(visible(claimed, contest.event(), settled("a"), settled("c")))
        .contains(settled("a"));
  }

  @Test
  void aTerminalBeforeTheContestStands() {
    assertThat(
            visible(
                of(LifecycleType.CLAIMED, "a"),
                of(LifecycleType.FAILED, "a"),
                REQUEUED_A,
                settled("b")))
        .contains(of(LifecycleType.FAILED, "a"));
  }

  @Test
  void aTerminalOfAnotherThanTheClaimDoesNotCount() {
    assertThat(visible(of(LifecycleType.CLAIMED, "a"), of(LifecycleType.SUCCEEDED, "b"))).isEmpty();
    assertThat(visible(of(LifecycleType.CLAIMED, "a"), event(LifecycleType.SHED).build()))
        .isEmpty();
  }

  @Test
  void otherEventsAreNoTerminals() {
    assertThat(visible(of(LifecycleType.CLAIMED, "a"), of(LifecycleType.FIRST_TOKEN, "a")))
        .isEmpty();
  }

  enum Contest {
    SECOND_CLAIM,
    CONTESTED,
    REQUEUED,
    LET_GO;

    LifecycleEvent event() {
      return switch (this) {
        case SECOND_CLAIM -> of(LifecycleType.CLAIMED, "b");
        case CONTESTED -> TerminalReducerTest.event(LifecycleType.CONTESTED).build();
        case REQUEUED -> TerminalReducerTest.event(LifecycleType.REQUEUED).build();
        case LET_GO ->
            TerminalReducerTest.event(LifecycleType.RETRIED)
                .setClosedAttempts(List.of("a"))
                .build();
      };
    }
  }

  private static LifecycleEvent settled(String attempt) {
    return event(LifecycleType.EXPIRED)
        .setAttempt(new Attempt(attempt, 1))
        .setSettled(true)
        .build();
  }

  private static Optional<LifecycleEvent> visible(LifecycleEvent... events) {
    TerminalReducer.State state = TerminalReducer.State.INITIAL;
    for (LifecycleEvent event : events) {
      state = TerminalReducer.apply(state, event);
    }
    return state.terminal();
  }

  private static LifecycleEvent of(LifecycleType type, String attempt) {
    return event(type).setAttempt(new Attempt(attempt, 1)).build();
  }

  private static LifecycleEvent.Builder event(LifecycleType type) {
    return LifecycleEvent.newBuilder()
        .setRequestId("r")
        .setType(type)
        .setAt(Instant.EPOCH)
        .setMember("m")
        .setSource("s")
        .setPool("p")
        .setRequestClass(RequestClass.STANDARD)
        .setTenant("t")
        .setModel("m");
  }
}
