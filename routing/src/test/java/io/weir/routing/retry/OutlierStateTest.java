package io.weir.routing.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.routing.retry.OutlierState.Ejected;
import io.weir.routing.retry.OutlierState.In;
import io.weir.routing.retry.OutlierState.Probing;
import io.weir.routing.retry.OutlierState.Room;
import org.junit.jupiter.api.Test;

class OutlierStateTest {
  private static final long SECOND = 1_000_000_000;
  private final OutlierPolicy policy = Configs.defaults(OutlierPolicy.class);

  private OutlierState fail(OutlierState state, int times, long now) {
    OutlierState after = state;
    for (int i = 0; i < times; i++) {
      after = after.failed(policy, Room.YES, now);
    }
    return after;
  }

  @Test
  void failuresInARowEject() {
    OutlierState four = fail(OutlierState.fresh(), 4, 0);
    assertThat(four.admits(0)).isTrue();
    assertThat(fail(four, 1, 0)).isEqualTo(new Ejected(SECOND, 1));
    assertThat(fail(four.succeeded(0), 4, 0).ejected()).isFalse();
  }

  @Test
  void nobodyIsEjectedWhereTooManyAre() {
    OutlierState four = fail(OutlierState.fresh(), 4, 0);
    OutlierState spared = four.failed(policy, Room.NO, 0);
    assertThat(spared.ejected()).isFalse();
    assertThat(spared.failed(policy, Room.YES, 0).ejected()).isTrue();
    assertThat(four.slow(policy, Room.NO, 0).ejected()).isFalse();
  }

  @Test
  void afterItsTimeOneRequestIsLetThrough() {
    OutlierState ejected = fail(OutlierState.fresh(), 5, 0);
    assertThat(ejected.admits(SECOND - 1)).isFalse();
    assertThat(ejected.admits(SECOND)).isTrue();
    OutlierState probing = ejected.sent(SECOND);
    assertThat(probing).isEqualTo(new Probing(1));
    assertThat(probing.admits(100 * SECOND)).isFalse();
    assertThat(probing.succeeded(2 * SECOND)).isEqualTo(new In(0, 1, 2 * SECOND));
  }

  @Test
  void eachFailedProbeDoublesTheTimeUpToTheCap() {
    OutlierState state = fail(OutlierState.fresh(), 5, 0);
    long[] seconds = {2, 4, 8, 16, 32, 60, 60};
    for (long expected : seconds) {
      state = new Probing(((Ejected) state).times()).failed(policy, Room.NO, 0);
      assertThat(((Ejected) state).until()).isEqualTo(expected * SECOND);
    }
  }

  @Test
  void aProbeThatSaysNothingIsFollowedByAnother() {
    OutlierState again = new Probing(3).inconclusive(7);
    assertThat(again).isEqualTo(new Ejected(7, 3));
    assertThat(again.admits(7)).isTrue();
  }

  @Test
  void whatWasSentBeforeTheEjectionChangesNothing() {
    OutlierState ejected = fail(OutlierState.fresh(), 5, 0);
    assertThat(ejected.succeeded(1)).isEqualTo(ejected);
    assertThat(fail(ejected, 1, 1)).isEqualTo(ejected);
    assertThat(ejected.sent(1)).isEqualTo(ejected);
  }

  @Test
  void oldEjectionsAreForgottenOneForEachCapOfGoodTime() {
    OutlierState back = new In(0, 4, 0);
    assertThat(fail(back, 5, SECOND)).isEqualTo(new Ejected(SECOND + 16 * SECOND, 5));
    assertThat(fail(back, 5, 130 * SECOND)).isEqualTo(new Ejected(134 * SECOND, 3));
    assertThat(fail(back, 5, 9000 * SECOND)).isEqualTo(new Ejected(9001 * SECOND, 1));
  }

  @Test
  void atMostAPartOfAPoolIsEjected() {
    assertThat(policy.allows(0, 1)).isFalse();
    assertThat(policy.allows(0, 2)).isTrue();
    assertThat(policy.allows(1, 3)).isFalse();
    assertThat(policy.allows(1, 4)).isTrue();
  }

  @Test
  void slowIsFarOffThePoolAndLongByItself() {
    assertThat(policy.slow(1900, 10)).isFalse();
    assertThat(policy.slow(2100, 10)).isTrue();
    assertThat(policy.slow(2100, 300)).isFalse();
    assertThat(OutlierState.fresh().slow(policy, Room.YES, 0)).isEqualTo(new Ejected(SECOND, 1));
  }
}
