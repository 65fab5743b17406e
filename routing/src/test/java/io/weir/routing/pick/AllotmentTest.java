package io.weir.routing.pick;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AllotmentTest {
  @Test
  void everyDispatcherHasAPlaceOnAnEngineWithWeight() {
    assertThat(Allotment.part(0.2, 0.01)).isEqualTo(1);
    assertThat(Allotment.part(12, 0.5)).isEqualTo(6);
    assertThat(Allotment.part(12.5, 0.5)).isEqualTo(7);
    assertThat(Allotment.part(0, 1)).isZero();
  }

  @Test
  void sharesAddUpToOneAndPartsToTheAllotment() {
    for (long seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long[] own = random.longs(random.nextInt(1, 12), 0, 50).toArray();
      long all = 0;
      for (long one : own) {
        all += one;
      }
      double places = random.nextDouble(0.1, 400);
      double shares = 0;
      int parts = 0;
      for (long one : own) {
        double share = Allotment.share(one, all, own.length);
        shares += share;
        parts += Allotment.part(places, share);
      }
      assertThat(Math.abs(shares - 1)).as("seed %d", seed).isLessThan(1e-9);
      assertThat((double) parts)
          .as("seed %d", seed)
          .isGreaterThanOrEqualTo(places - 1e-6)
          .isLessThanOrEqualTo(places + own.length);
    }
  }

  @Test
  void itIsAGuaranteeAndNotACap() {
    // Below its part a dispatcher may send though the engine is full,
    assertThat(Allotment.limit(4, 1, 100, 64)).isEqualTo(4);
    // above it only while the engine has room.
    assertThat(Allotment.limit(4, 6, 60, 64)).isEqualTo(10);
    assertThat(Allotment.limit(4, 6, 64, 64)).isEqualTo(6);
    assertThat(Allotment.limit(4, 9, 80, 64)).isEqualTo(9);
    // An engine without weight has no places.
    assertThat(Allotment.limit(0, 0, 0, 64)).isZero();
  }
}
