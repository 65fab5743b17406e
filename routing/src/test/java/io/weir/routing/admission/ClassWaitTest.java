package io.weir.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.schemas.RequestClass;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassWaitTest {
  private static final long SECOND = 1_000_000_000L;

  private final ClassWait waits = new ClassWait();

  private record Load(Map<RequestClass, Double> queued) implements PoolLoad {
    @Override
    public double queuedTokens(RequestClass requestClass) {
      return queued.getOrDefault(requestClass, 0.0);
    }

    @Override
    public double drainPerSecond() {
      return 1000;
    }

    @Override
    public long measuredNanos() {
      return 0;
    }
  }

  private void admit(RequestClass requestClass, double perSecond) {
    // Long enough for the mean to be there
    for (int i = 0; i < 3000; i++) {
      waits.admitted(requestClass, perSecond / 100, i * SECOND / 100);
    }
  }

  private double wait(RequestClass requestClass, Map<RequestClass, Double> queued) {
    return waits.waitSeconds(requestClass, new Load(queued), 1000, 30 * SECOND);
  }

  @Test
  void anEmptyPoolHasNoWait() {
    admit(RequestClass.PRIORITY, 5000);
    for (RequestClass each : RequestClass.values()) {
      assertThat(wait(each, Map.of())).isZero();
    }
  }

  @Test
  void priorityThatGoesOnComingGoesBeforeWhatWaits() {
    Map<RequestClass, Double> queued = Map.of(RequestClass.STANDARD, 1000.0);
    admit(RequestClass.PRIORITY, 500);
    assertThat(wait(RequestClass.STANDARD, queued)).isCloseTo(2, within(0.02));
    assertThat(wait(RequestClass.PRIORITY, queued)).isZero();
  }

  @Test
  void aPoolThatPriorityFillsLeavesTheFloor() {
    admit(RequestClass.PRIORITY, 2000);
    assertThat(wait(RequestClass.STANDARD, Map.of(RequestClass.STANDARD, 50.0)))
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void standardIsServedAtItsShareOnceOthersWait() {
    // Given a second of standard alone
    Map<RequestClass, Double> alone = Map.of(RequestClass.STANDARD, 1000.0);
    assertThat(wait(RequestClass.STANDARD, alone)).isCloseTo(1, within(1e-9));

    // Then as soon as there is any flex, and any batch, four and one of twenty-one turns are theirs
    assertThat(wait(RequestClass.STANDARD, and(alone, RequestClass.FLEX, 1)))
        .isCloseTo(20 / 16.0, within(1e-9));
    assertThat(
            wait(
                RequestClass.STANDARD,
                and(and(alone, RequestClass.FLEX, 1), RequestClass.BATCH, 1)))
        .isCloseTo(21 / 16.0, within(1e-9));
  }

  @Test
  void batchHopesThatOthersQueuesEmptyNowAndThen() {
    Map<RequestClass, Double> queued =
        Map.of(RequestClass.STANDARD, 100.0, RequestClass.FLEX, 100.0);
    assertThat(wait(RequestClass.BATCH, and(queued, RequestClass.BATCH, 1000)))
        .isCloseTo(0.25 * 21, within(1e-9));

    // Few of its own wait for what is before them
    assertThat(wait(RequestClass.BATCH, and(queued, RequestClass.BATCH, 10)))
        .isCloseTo(0.21, within(1e-9));
  }

  @Test
  void flexWaitsForWhatIsBeforeItAlone() {
    assertThat(
            wait(
                RequestClass.FLEX,
                Map.of(
                    RequestClass.STANDARD,
                    500.0,
                    RequestClass.FLEX,
                    1000.0,
                    RequestClass.BATCH,
                    9000.0)))
        .isCloseTo(1.5, within(1e-9));
  }

  private static Map<RequestClass, Double> and(
      Map<RequestClass, Double> queued, RequestClass requestClass, double tokens) {
    Map<RequestClass, Double> more = new EnumMap<>(queued);
    more.put(requestClass, tokens);
    return more;
  }
}
