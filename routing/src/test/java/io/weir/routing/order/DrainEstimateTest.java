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

  @Test
  void fewerEnginesGetThroughLess() {
    DrainEstimate drain = new DrainEstimate(3000, 0);
    drain.modelled(2000, 0);
    assertThat(drain.perSecond(0)).isCloseTo(2000, within(1e-6));
    drain.modelled(0, 0);
    assertThat(drain.perSecond(0)).isCloseTo(2000, within(1e-6));
    drain.modelled(3000, 0);
    assertThat(drain.perSecond(0)).isCloseTo(3000, within(1e-6));
  }

  @Test
  void timeInWhichNothingCameSaysNothing() {
    // Given a pool that has been busy until everything was served
    DrainEstimate drain = new DrainEstimate(5000, 0);
    long now = serve(drain, 3, 0);
    drain.served(100, 0, now);
    double before = drain.perSecond(now + 200 * MILLI);

    // When / Then
    assertThat(drain.perSecond(now + 60_000 * MILLI)).isCloseTo(before, within(1e-6));
  }

  @Test
  void aBurstIntoFreePlacesIsNoRate() {
    // Given a pool of 1,000 tokens a second, with places for 4,000 that are free
    DrainEstimate drain = new DrainEstimate(1000, 0);
    long now = 0;
    for (int burst = 0; burst < 20; burst++) {
      now += 5_000 * MILLI;
      drain.served(1900, 0, now);
      drain.idle(now + 300 * MILLI);
    }
    assertThat(drain.perSecond(now)).isCloseTo(1000, within(1e-6));
  }
}
