package io.weir.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.routing.engine.SimText;
import io.weir.routing.engine.SimText.Verdict.Intact;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistanceTest {
  private static final String FAR = "far";
  private static final Duration ROUND_TRIP = Duration.ofMillis(80);

  @ParameterizedTest
  @ValueSource(strings = {"batching", "instant"})
  void everythingTakesAtLeastTheRoundTripFromFarAway(String timing) throws Exception {
    EngineServerConfig config =
        Configs.with(EngineServerConfig.class, Map.of("timing", timing, "speed", "50"))
            .withRoundTrips(Map.of(FAR, ROUND_TRIP));
    try (EngineServer server = EngineServer.start(config);
        EngineClient client = new EngineClient(server)) {
      client.get("/health");
      for (String path : new String[] {"/health", "/v1/models"}) {
        long begun = System.nanoTime();
        assertThat(client.get(path, Distance.HEADER, FAR).statusCode()).isEqualTo(200);
        assertThat(since(begun)).isGreaterThanOrEqualTo(ROUND_TRIP);
      }
      for (String more : new String[] {"", ",\"stream\":true", ",\"n\":2"}) {
        long begun = System.nanoTime();
        client.post(
            "/v1/chat/completions",
            EngineClient.chat("q", ",\"max_tokens\":3" + more),
            Distance.HEADER,
            FAR);
        assertThat(since(begun)).isGreaterThanOrEqualTo(ROUND_TRIP);
      }
    }
  }

  @Test
  void streamFromFarAwayIsWhole() throws Exception {
    EngineServerConfig config =
        Configs.with(EngineServerConfig.class, Map.of("speed", "20"))
            .withRoundTrips(Map.of(FAR, ROUND_TRIP));
    try (EngineServer server = EngineServer.start(config);
        EngineClient client = new EngineClient(server)) {
      String body =
          client
              .post(
                  "/v1/chat/completions",
                  EngineClient.chat("q", ",\"max_tokens\":700,\"stream\":true"),
                  Distance.HEADER,
                  FAR)
              .body();

      assertThat(SimText.verify("q", EngineClient.text(EngineClient.events(body)), 700))
          .isEqualTo(new Intact(700));
    }
  }

  @Test
  void delayLineKeepsGaps() {
    // Given
    DelayLine line = new DelayLine(100);

    // When
    line.enter(1000, 1);
    line.enter(1010, 2);

    // Then
    assertThat(line.arrived(1099)).isZero();
    assertThat(line.untilNext(1050)).isEqualTo(50);
    assertThat(line.arrived(1100)).isEqualTo(1);
    assertThat(line.untilNext(1100)).isEqualTo(10);
    assertThat(line.arrived(1110)).isEqualTo(2);
    assertThat(line.untilNext(1110)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void fullDelayLineJoinsItsNewestSteps() {
    // Given more steps than it remembers
    DelayLine line = new DelayLine(1_000_000);
    for (int i = 1; i <= 1000; i++) {
      line.enter(i, i);
    }

    // Then nothing is early and nothing is lost
    assertThat(line.arrived(1_000_255)).isEqualTo(255);
    assertThat(line.arrived(1_000_999)).isEqualTo(255);
    assertThat(line.arrived(1_001_000)).isEqualTo(1000);
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
