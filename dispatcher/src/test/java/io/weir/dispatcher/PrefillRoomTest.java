package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.routing.pick.EngineCost;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RequestClass;
import org.junit.jupiter.api.Test;

/** How many prompts an engine gets at a time that computes 2,560 tokens in its next iterations. */
class PrefillRoomTest {
  private final Desk desk = new Desk(Configs.defaults(DispatcherConfig.class), 64);

  private int promptsSent(int tokens) {
    EngineSlots engine = desk.engine;
    engine.standing(new EngineStanding(1, EngineCost.UNKNOWN, 64, 1, 64, 2560));
    InferenceRequest request = desk.watched(RequestClass.STANDARD, "t").build();
    int sent = 0;
    while (engine.hasRoom() && sent < 64) {
      engine.take();
      engine.sent(request, tokens);
      sent++;
    }
    return sent;
  }

  @Test
  void shortPromptsFillIt() {
    assertThat(promptsSent(100)).isBetween(25, 28);
  }

  @Test
  void behindALongPromptAnotherIsReady() {
    assertThat(promptsSent(2500)).isBetween(2, 3);
  }

  @Test
  void anEngineFarAwayHasMoreOnTheWay() {
    // Given 600 ms at 0.06 ms a token
    desk.engine.rtt().add(0.6);
    assertThat(promptsSent(2500)).isGreaterThanOrEqualTo(5);
  }

  @Test
  void anEngineOfUnknownPaceIsNotHeldBack() {
    desk.engine.standing(
        new EngineStanding(1, EngineCost.UNKNOWN, 64, 1, 64, Double.POSITIVE_INFINITY));
    InferenceRequest request = desk.watched(RequestClass.STANDARD, "t").build();
    for (int i = 0; i < 63; i++) {
      desk.engine.take();
      desk.engine.sent(request, 10_000);
    }
    assertThat(desk.engine.hasRoom()).isTrue();
  }
}
