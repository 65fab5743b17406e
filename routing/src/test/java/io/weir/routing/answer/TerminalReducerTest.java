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

class TerminalReducerTest {
  private static final LifecycleEvent REQUEUED_A =
      event(LifecycleType.REQUEUED).setClosedAttempts(List.of("a")).build();

  @Test
  void theFirstTerminalIsVisible() {
    assertThat(visible(of(LifecycleType.SUCCEEDED, "a"), of(LifecycleType.FAILED, "b")))
        .contains(of(LifecycleType.SUCCEEDED, "a"));
  }

  @Test
  void aTerminalOfAClosedAttemptIsHidden() {
    assertThat(
            visible(REQUEUED_A, of(LifecycleType.SUCCEEDED, "a"), of(LifecycleType.SUCCEEDED, "b")))
        .contains(of(LifecycleType.SUCCEEDED, "b"));
  }

  @Test
  void aTerminalBeforeTheRequeueStands() {
    assertThat(visible(of(LifecycleType.FAILED, "a"), REQUEUED_A, of(LifecycleType.SUCCEEDED, "b")))
        .contains(of(LifecycleType.FAILED, "a"));
  }

  @Test
  void aTerminalWithoutAttemptCannotBeClosed() {
    assertThat(visible(REQUEUED_A, event(LifecycleType.EXPIRED).build()))
        .contains(event(LifecycleType.EXPIRED).build());
  }

  @Test
  void otherEventsAreNoTerminals() {
    assertThat(visible(of(LifecycleType.CLAIMED, "a"), of(LifecycleType.RETRIED, "a"))).isEmpty();
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
