package io.weir.routing.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Decision;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.OpenClaim;
import io.weir.schemas.RequestState;
import io.weir.schemas.RequestStep;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestFoldTest {
  @Test
  void aRequestIsClaimedDispatchedAndEnds() {
    // When
    RequestState running =
        Lives.fold(
            Lives.accepted(), Lives.claimed("a", "d1"), Lives.dispatched("a", "d1", "engine-1"));
    RequestState ended =
        Lives.fold(
            Lives.accepted(),
            Lives.claimed("a", "d1"),
            Lives.dispatched("a", "d1", "engine-1"),
            Lives.terminal(LifecycleType.SUCCEEDED, "a", "d1"));

    // Then
    assertThat(running.getClaims())
        .singleElement()
        .satisfies(
            claim -> {
              assertThat(claim.getMember()).isEqualTo("d1");
              assertThat(claim.getMemberEpoch()).isEqualTo(1);
              assertThat(claim.getEngine()).contains("engine-1");
              assertThat(claim.getReleased()).isFalse();
            });
    assertThat(running.getAttempts()).isEqualTo(1);
    assertThat(running.getContested()).isFalse();
    assertThat(running.getPartition()).isEqualTo(3);
    assertThat(running.getTerminal()).isEmpty();
    assertThat(ended.getTerminal().map(LifecycleEvent::getType)).contains(LifecycleType.SUCCEEDED);
    assertThat(ended.getClaims()).isEmpty();
    assertThat(ended.getSteps())
        .extracting(RequestStep::getType)
        .containsExactly(
            LifecycleType.ACCEPTED,
            LifecycleType.CLAIMED,
            LifecycleType.DISPATCHED,
            LifecycleType.SUCCEEDED);
  }

  @Test
  void anEventThatIsReadAgainChangesNothing() {
    // Given
    RequestState state = Lives.fold(Lives.accepted(), Lives.claimed("a", "d1"));

    // When
    RequestState again =
        RequestFold.apply(Optional.of(state), Lives.claimed("a", "d1"), 3, state.getOffset());

    // Then
    assertThat(again).isSameAs(state);
  }

  @Test
  void aClaimStandsInForAnAcceptedThatWasNeverWritten() {
    assertThat(Lives.fold(Lives.claimed("a", "d1")).getRequest()).isPresent();
    assertThat(Lives.fold(Lives.terminal(LifecycleType.SHED, "a", "i")).getRequest()).isEmpty();
  }

  @Test
  void aRetryHasTheClaimAndDoesNotCountAsOne() {
    // When
    RequestState state =
        Lives.fold(
            Lives.claimed("a", "d1"),
            Lives.dispatched("a", "d1", "engine-1"),
            Lives.retried("a", "b", "d1"));

    // Then
    assertThat(state.getClaims())
        .extracting(claim -> claim.getAttempt().getId())
        .containsExactly("b");
    assertThat(state.getClosedAttempts()).containsExactly("a");
    assertThat(state.getAttempts()).isEqualTo(1);
    assertThat(state.getContested()).isFalse();
  }

  @Test
  void aTerminalThatDoesNotCountLetsGoOfItsClaim() {
    // When
    RequestState state =
        Lives.fold(
            Lives.claimed("a", "d1"),
            Lives.claimed("b", "d2"),
            Lives.terminal(LifecycleType.SUCCEEDED, "b", "d2"));

    // Then
    assertThat(state.getContested()).isTrue();
    assertThat(state.getTerminal()).isEmpty();
    assertThat(state.getHiddenTerminals()).isEqualTo(1);
    assertThat(state.getClaims()).extracting(OpenClaim::getReleased).containsExactly(false, true);
    assertThat(state.getAttempts()).isEqualTo(2);
  }

  @Test
  void aClaimGivenBackBeforeItWentToAnEngineIsNoAttempt() {
    // When
    RequestState queued = Lives.fold(Lives.claimed("a", "d1"), Lives.letGo("a", "d1"));
    RequestState twice =
        Lives.fold(Lives.claimed("a", "d1"), Lives.letGo("a", "d1"), Lives.letGo("a", "d1"));
    RequestState sent =
        Lives.fold(
            Lives.claimed("a", "d1"),
            Lives.dispatched("a", "d1", "engine-1"),
            Lives.letGo("a", "d1"));

    // Then
    assertThat(queued.getAttempts()).isZero();
    assertThat(twice.getAttempts()).isZero();
    assertThat(sent.getAttempts()).isEqualTo(1);
    assertThat(queued.getClaims()).extracting(OpenClaim::getReleased).containsExactly(true);
  }

  @Test
  void laterTerminalsAreCounted() {
    // When
    RequestState state =
        Lives.fold(
            Lives.claimed("a", "d1"),
            Lives.terminal(LifecycleType.FAILED, "a", "d1"),
            Lives.settled(LifecycleType.SUCCEEDED, "a"));

    // Then
    assertThat(state.getTerminal().map(LifecycleEvent::getType)).contains(LifecycleType.FAILED);
    assertThat(state.getHiddenTerminals()).isEqualTo(1);
  }

  @Test
  void requeuedClosesClaims() {
    // When
    RequestState state =
        Lives.fold(
            Lives.claimed("a", "d1"),
            Lives.contested(),
            Lives.requeued("a"),
            Lives.claimed("b", "d2"));

    // Then
    assertThat(state.getClaims())
        .extracting(claim -> claim.getAttempt().getId())
        .containsExactly("b");
    assertThat(state.getClosedAttempts()).containsExactly("a");
    assertThat(state.getContested()).isTrue();
  }

  @Test
  void aLongHistoryLosesItsMiddle() {
    // When
    Optional<RequestState> state = Optional.empty();
    for (int i = 0; i < 200; i++) {
      state = Optional.of(RequestFold.apply(state, Lives.contested(), 0, i));
    }

    // Then
    List<RequestStep> steps = state.orElseThrow().getSteps();
    assertThat(steps).hasSize(RequestFold.MOST_STEPS);
    assertThat(steps.get(0).getOffset()).isZero();
    assertThat(steps.get(steps.size() - 1).getOffset()).isEqualTo(199);
  }

  @Test
  void theTerminalIsKeptWithoutItsDecision() {
    // When
    LifecycleEvent terminal =
        Lives.event(LifecycleType.FAILED, "d1")
            .setDecision(new Decision("p", "e", List.of(), List.of(), 0L, null))
            .build();

    // Then
    assertThat(Lives.fold(terminal).getTerminal().orElseThrow().getDecision()).isEmpty();
  }
}
