package io.weir.routing.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HedgePolicyTest {
  private final HedgePolicy policy = Configs.defaults(HedgePolicy.class);
  private final RecentTimes times = new RecentTimes(100);

  private void add(int count, double millis) {
    for (int i = 0; i < count; i++) {
      times.add(millis);
    }
  }

  @Test
  void nothingIsLateWhileTooLittleIsKnown() {
    add(19, 100);
    assertThat(policy.delay(times)).isEmpty();
    add(1, 100);
    assertThat(policy.delay(times)).contains(Duration.ofMillis(100));
  }

  @Test
  void lateIsWhatOnlyOneInTwentyIs() {
    add(95, 100);
    add(5, 4000);
    assertThat(policy.delay(times)).contains(Duration.ofMillis(100));
    add(1, 4000);
    assertThat(policy.delay(times)).contains(Duration.ofSeconds(4));
  }

  @Test
  void theOldestTimesAreForgotten() {
    add(100, 4000);
    add(100, 200);
    assertThat(policy.delay(times)).contains(Duration.ofMillis(200));
    assertThat(times.size()).isEqualTo(100);
  }

  @Test
  void thereIsALeastDelay() {
    add(100, 1);
    assertThat(policy.delay(times)).contains(Duration.ofMillis(50));
  }
}
