package io.weir.routing.order;

import static io.weir.routing.order.Job.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.config.Configs;
import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.RequestClass;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReadyOrderTest {
  private static final ClassTargets TARGETS = Configs.defaults(ClassTargets.class);
  private static final FirstToken<Job> AT_ONCE = request -> 0;

  private static ReadyOrder<Job> order(double floor) {
    return new ReadyOrder<>(new ClassShares(floor, 16, 4, 1), TARGETS, tenant -> 1);
  }

  private static Job run(ReadyOrder<Job> order) {
    return run(order.poll(0, AT_ONCE));
  }

  private static Job run(Turn<Job> turn) {
    assertThat(turn).isInstanceOf(Turn.Run.class);
    return ((Turn.Run<Job>) turn).request();
  }

  /** Serves while every class always has something waiting; tells what each got. */
  private static Map<RequestClass, Double> served(
      ReadyOrder<Job> order, List<RequestClass> waiting, int turns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    waiting.forEach(each -> order.offer(Job.patient(each, "t", 1 + random.nextInt(1000))));
    Map<RequestClass, Double> served = new EnumMap<>(RequestClass.class);
    for (int i = 0; i < turns; i++) {
      Job job = run(order);
      served.merge(job.requestClass(), job.costTokens(), Double::sum);
      order.offer(Job.patient(job.requestClass(), "t", 1 + random.nextInt(1000)));
    }
    return served;
  }

  @Test
  void withoutAFloorPriorityIsStrict() {
    for (long seed = 0; seed < 20; seed++) {
      Map<RequestClass, Double> served =
          served(order(0), List.of(RequestClass.values()), 1000, seed);
      assertThat(served).as("seed %s", seed).containsOnlyKeys(RequestClass.PRIORITY);
    }
  }

  @Test
  void theFloorIsWhatItSaysAndSplitByWeight() {
    for (long seed = 0; seed < 20; seed++) {
      Map<RequestClass, Double> served =
          served(order(0.05), List.of(RequestClass.values()), 20_000, seed);
      double all = served.values().stream().mapToDouble(tokens -> tokens).sum();
      double below = all - served.get(RequestClass.PRIORITY);
      assertThat(below / all).as("seed %s", seed).isCloseTo(0.05, within(0.001));
      assertThat(served.get(RequestClass.STANDARD) / below).isCloseTo(16 / 21.0, within(0.01));
      assertThat(served.get(RequestClass.BATCH) / below).isCloseTo(1 / 21.0, within(0.01));
    }
  }

  @Test
  void withoutPriorityTheOthersShareByWeight() {
    Map<RequestClass, Double> served =
        served(
            order(0.05),
            List.of(RequestClass.STANDARD, RequestClass.FLEX, RequestClass.BATCH),
            20_000,
            1);
    double all = served.values().stream().mapToDouble(tokens -> tokens).sum();
    assertThat(served.get(RequestClass.STANDARD) / all).isCloseTo(16 / 21.0, within(0.005));
    assertThat(served.get(RequestClass.FLEX) / all).isCloseTo(4 / 21.0, within(0.005));
  }

  @Test
  void noBatchRequestStarvesUnderPriorityThatTakesEverything() {
    // Given an engine of 100 tokens a second, priority that always waits, and 10 batch requests
    ReadyOrder<Job> order = order(0.05);
    for (int i = 0; i < 10; i++) {
      order.offer(Job.patient(RequestClass.BATCH, "t", 100));
    }

    // When served in virtual time; the clock of the order stands, so that nothing is late
    double seconds = 0;
    int batch = 0;
    while (batch < 10) {
      order.offer(Job.patient(RequestClass.PRIORITY, "p", 100));
      Job job = run(order);
      seconds += job.costTokens() / 100;
      batch += job.requestClass() == RequestClass.BATCH ? 1 : 0;
    }

    // Then the last came within its tokens at the floor's rate, and one request more
    assertThat(seconds).isLessThanOrEqualTo(10 * 100 / (0.05 * 100) + 1);
  }

  @Test
  void whatIsServedLeavesTheOrderAsItWas() {
    // Given one class that was alone for long
    ReadyOrder<Job> order = order(0.05);
    served(order, List.of(RequestClass.FLEX), 1000, 1);

    // When standard comes, then it does not get all until it has caught up
    order.offer(Job.patient(RequestClass.STANDARD, "t", 10_000));
    order.offer(Job.patient(RequestClass.STANDARD, "t", 10_000));
    assertThat(run(order).requestClass()).isIn(RequestClass.STANDARD, RequestClass.FLEX);
    long flex = 0;
    for (int i = 0; i < 30; i++) {
      order.offer(Job.patient(RequestClass.FLEX, "t", 500));
      flex += run(order).requestClass() == RequestClass.FLEX ? 1 : 0;
    }
    assertThat(flex).isGreaterThan(0);
  }

  @Test
  void whatCannotMeetItsDeadlineIsDroppedBeforeAnyWork() {
    // Given 300 ms to the first token
    ReadyOrder<Job> order = order(0.05);
    FirstToken<Job> slow = request -> 300_000_000L;
    order.offer(Job.standard(0, SECOND));
    order.offer(Job.standard(0, 2 * SECOND));
    order.offer(Job.standard(0, 3 * SECOND));

    // When
    Turn<Job> expired = order.poll(SECOND + 1, slow);
    Turn<Job> infeasible = order.poll(2 * SECOND - 200_000_000L, slow);

    // Then
    assertThat(expired)
        .isInstanceOfSatisfying(
            Turn.Drop.class, drop -> assertThat(drop.reason()).isEqualTo(DropReason.EXPIRED));
    assertThat(infeasible)
        .isInstanceOfSatisfying(
            Turn.Drop.class,
            drop -> {
              assertThat(drop.reason()).isEqualTo(DropReason.INFEASIBLE);
              assertThat(drop.lateNanos()).isEqualTo(100_000_000L);
              assertThat(drop.waitedNanos()).isEqualTo(1_800_000_000L);
            });
    assertThat(run(order.poll(2 * SECOND, slow)).deadlineNanos()).isEqualTo(3 * SECOND);
    assertThat(order.poll(2 * SECOND, slow)).isInstanceOf(Turn.Empty.class);
  }

  @Test
  void expiryNeedsNoTurn() {
    ReadyOrder<Job> order = order(0.05);
    order.offer(Job.standard(0, SECOND));
    order.offer(Job.standard(0, 2 * SECOND));
    assertThat(order.expire(SECOND))
        .extracting(drop -> drop.request().deadlineNanos())
        .containsExactly(SECOND);
    assertThat(order.size(RequestClass.STANDARD)).isEqualTo(1);
    assertThat(order.tokens(RequestClass.STANDARD)).isEqualTo(1);
  }

  @Test
  void latePriorityHoldsBatchBackToItsFloor() {
    // Given a priority request that has waited more than half of two seconds
    ReadyOrder<Job> order = order(0.05);
    order.offer(new Job(RequestClass.PRIORITY, "t", 1, 0, 2 * SECOND));
    order.offer(Job.patient(RequestClass.BATCH, "t", 1));
    long now = 1_100_000_000L;

    // When it has been served
    assertThat(run(order.poll(now, AT_ONCE)).requestClass()).isEqualTo(RequestClass.PRIORITY);

    // Then batch has earned its floor for that, and no more until the ladder is climbed again
    assertThat(order.rung()).isEqualTo(BrownOut.Rung.NO_BATCH);
    assertThat(run(order.poll(now, AT_ONCE)).requestClass()).isEqualTo(RequestClass.BATCH);
    order.offer(Job.patient(RequestClass.BATCH, "t", 1));
    assertThat(order.poll(now + SECOND, AT_ONCE)).isInstanceOf(Turn.Empty.class);
    assertThat(order.poll(now + 10 * SECOND, AT_ONCE)).isInstanceOf(Turn.Run.class);
  }

  /** One that waits until a time and is of use until a later one. */
  private record Waiting(
      RequestClass requestClass, String tenant, long startByNanos, long expiresNanos)
      implements Orderable {
    @Override
    public double costTokens() {
      return 10;
    }

    @Override
    public long enqueuedNanos() {
      return 0;
    }

    @Override
    public long deadlineNanos() {
      return Math.min(startByNanos, expiresNanos);
    }
  }

  private static Waiting standard(String tenant, long startBy, long expires) {
    return new Waiting(RequestClass.STANDARD, tenant, startBy, expires);
  }

  private static ReadyOrder<Waiting> waitingOrder() {
    return new ReadyOrder<>(new ClassShares(0.05, 16, 4, 1), TARGETS, tenant -> 1);
  }

  @Test
  void whatHasWaitedTooLongIsNotBegunThoughItHasTimeLeft() {
    ReadyOrder<Waiting> order = waitingOrder();
    order.offer(standard("t", 2 * SECOND, 60 * SECOND));
    assertThat(order.poll(2 * SECOND + 1, request -> 0))
        .isInstanceOfSatisfying(
            Turn.Drop.class,
            drop -> {
              assertThat(drop.reason()).isEqualTo(DropReason.QUEUE_DELAY);
              assertThat(drop.lateNanos()).isEqualTo(1);
            });
  }

  @Test
  void aSlowEngineDoesNotCountAgainstTheTimeToBegin() {
    ReadyOrder<Waiting> order = waitingOrder();
    order.offer(standard("t", 2 * SECOND, 60 * SECOND));
    assertThat(order.poll(SECOND, request -> 5 * SECOND)).isInstanceOf(Turn.Run.class);
  }

  @Test
  void aDeadlineThatCannotBeMetIsNotTried() {
    ReadyOrder<Waiting> order = waitingOrder();
    order.offer(standard("t", 2 * SECOND, 4 * SECOND));
    assertThat(order.poll(SECOND, request -> 5 * SECOND))
        .isInstanceOfSatisfying(
            Turn.Drop.class, drop -> assertThat(drop.reason()).isEqualTo(DropReason.INFEASIBLE));
  }

  @Test
  void theSweepTakesOutWhatIsOverAndLooksNoSoonerThanItMust() {
    // Given
    ReadyOrder<Waiting> order = waitingOrder();
    order.offer(standard("a", 2 * SECOND, 60 * SECOND));
    order.offer(standard("b", Long.MAX_VALUE, 3 * SECOND));
    order.offer(standard("c", Long.MAX_VALUE, 60 * SECOND));

    // When / Then
    assertThat(order.expire(SECOND)).isEmpty();
    assertThat(order.expire(2 * SECOND))
        .extracting(Turn.Drop::reason)
        .containsExactly(DropReason.QUEUE_DELAY);
    assertThat(order.expire(3 * SECOND))
        .extracting(Turn.Drop::reason)
        .containsExactly(DropReason.EXPIRED);
    assertThat(order.size()).isOne();
  }

  @Test
  void nobodySavesUpServiceWhileNothingWaits() {
    // Given a tenant that had a lot and one that had little, and neither had to wait
    ReadyOrder<Job> order = order(0.05);
    for (int i = 0; i < 100; i++) {
      order.passed(RequestClass.STANDARD, "large", 1000);
      order.passed(RequestClass.STANDARD, "small", 10);
    }

    // When both have to
    for (int i = 0; i < 10; i++) {
      order.offer(Job.patient(RequestClass.STANDARD, "large", 100));
      order.offer(Job.patient(RequestClass.STANDARD, "small", 100));
    }

    // Then the one is not shut out until the other has had as much
    int large = 0;
    for (int i = 0; i < 16; i++) {
      large += run(order).tenant().equals("large") ? 1 : 0;
    }
    assertThat(large).isBetween(2, 14);
  }

  @Test
  void serviceElsewhereCountsForWhoWaitsHere() {
    // Given
    ReadyOrder<Job> order = order(0.05);
    for (int i = 0; i < 4; i++) {
      order.offer(Job.patient(RequestClass.STANDARD, "a", 100));
      order.offer(Job.patient(RequestClass.STANDARD, "b", 100));
    }

    // When one is served elsewhere
    order.servedElsewhere(RequestClass.STANDARD, "a", 300);

    // Then the other catches up here
    assertThat(List.of(run(order).tenant(), run(order).tenant(), run(order).tenant()))
        .containsOnly("b");
  }
}
