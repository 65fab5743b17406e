package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TpotMeterTest {
  private static final long MILLI = 1_000_000;

  private final TpotMeter meter = new TpotMeter();

  @Test
  void isTheTimeBetweenTokensOfAllStreams() {
    // Given streams of 10 and of 30 ms a token
    meter.add(20, 200 * MILLI, 0);
    assertThat(meter.millis(0)).isCloseTo(10, within(1e-9));
    meter.add(20, 600 * MILLI, 0);

    // When / Then
    assertThat(meter.millis(0)).isCloseTo(20, within(1e-9));
  }

  @Test
  void saysNothingOfTooLittle() {
    assertThat(meter.millis(0)).isNaN();
    meter.add(15, 200 * MILLI, 0);
    assertThat(meter.millis(0)).isNaN();
  }

  @Test
  void followsAnEngineThatBecomesSlow() {
    // Given a minute of 10 ms a token
    long now = 0;
    for (int i = 0; i < 60; i++) {
      now += Duration.ofSeconds(1).toNanos();
      meter.add(100, 1000 * MILLI, now);
    }

    // When it takes 30 ms for ten seconds
    for (int i = 0; i < 10; i++) {
      now += Duration.ofSeconds(1).toNanos();
      meter.add(33, 990 * MILLI, now);
    }

    // Then
    assertThat(meter.millis(now)).isBetween(18.0, 30.0);

    // When it gets no more work, it is forgotten
    assertThat(meter.millis(now + Duration.ofSeconds(30).toNanos())).isNaN();
  }

  @Test
  void countsTokensAsTheEngineDoes() {
    // Given an engine that puts four tokens into each event
    for (int i = 0; i < 200; i++) {
      meter.ended(25, 100);
    }

    // When
    meter.add(25, 1000 * MILLI, 0);

    // Then
    assertThat(meter.millis(0)).isCloseTo(10, within(0.1));
  }
}
