package io.weir.routing.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DrainEstimateTest {
  private static final long MILLI = 1_000_000;

  /** Serves 100 tokens every 100 ms for 20 s from a time on. */
  private static long serve(DrainEstimate drain, int stillWaiting, long from) {
    long now = from;
    for (int i = 0; i < 200; i++) {
      now += 100 * MILLI;
      drain.served(100, stillWaiting, now);
    }
    return now;
  }

  @Test
  void followsWhatIsServedWhileMoreWaits() {
    DrainEstimate drain = new DrainEstimate(5000, 0);
    long now = serve(drain, 3, 0);
    assertThat(drain.perSecond(now)).isCloseTo(1000, within(100.0));
  }

  @Test
  void littleWorkDoesNotLookLikeASlowPool() {
    DrainEstimate drain = new DrainEstimate(5000, 0);
    long now = serve(drain, 0, 0);
    assertThat(drain.perSecond(now)).isEqualTo(5000);
  }

  @Test
  void moreThanExpectedIsBelieved() {
    DrainEstimate drain = new DrainEstimate(100, 0);
    long now = serve(drain, 0, 0);
    assertThat(drain.perSecond(now)).isCloseTo(1000, within(100.0));
  }
}
