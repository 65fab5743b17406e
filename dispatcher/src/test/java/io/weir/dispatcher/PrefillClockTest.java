package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PrefillClockTest {
  private final PrefillClock clock = new PrefillClock();

  @Test
  void promptsAreComputedOneAfterTheOther() {
    clock.sent(1000, 50, 0);
    clock.sent(1000, 50, 10_000);
    assertThat(clock.tokens(50, 10_000)).isCloseTo(1800, within(1e-9));
    assertThat(clock.tokens(50, 60_000)).isCloseTo(800, within(1e-9));
    assertThat(clock.tokens(50, 1_000_000)).isZero();
  }

  @Test
  void anEngineThatHadNothingBeginsWhenItGetsSomething() {
    clock.sent(1000, 50, 1_000_000);
    assertThat(clock.tokens(50, 1_000_000)).isCloseTo(1000, within(1e-9));
  }
}
