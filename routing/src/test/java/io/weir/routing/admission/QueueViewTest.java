package io.weir.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.schemas.LaneLoad;
import io.weir.schemas.LanePosition;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class QueueViewTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final RequestClass STANDARD = RequestClass.STANDARD;

  private final QueueView view = new QueueView(Duration.ofSeconds(5), 0);

  private static LaneLoad lane(
      RequestClass requestClass, int ready, double readyTokens, double mean, LanePosition... at) {
    return new LaneLoad(requestClass, ready, readyTokens, mean, Arrays.asList(at));
  }

  private static PoolLoad load(double drain, LaneLoad... lanes) {
    return new PoolLoad("llama", 0, List.of(), drain, 0, 0, Arrays.asList(lanes), List.of());
  }

  private double queued() {
    return view.queuedTokens(STANDARD);
  }

  @Test
  void whatIsReadyAndUnreadWaits() {
    view.report(
        "d",
        load(
            1000,
            lane(STANDARD, 3, 300, 50, new LanePosition(0, 10L, 14L), new LanePosition(1, 5L, 5L))),
        0);

    assertThat(queued()).isEqualTo(500);
    assertThat(view.queuedRequests(STANDARD)).isEqualTo(7);
    assertThat(view.drainPerSecond()).isEqualTo(1000);
    assertThat(view.queuedTokens(RequestClass.FLEX)).isZero();
  }

  @Test
  void itDrainsBetweenHeartbeatsFromTheHighestClass() {
    view.report(
        "d", load(1000, lane(RequestClass.PRIORITY, 1, 100, 100), lane(STANDARD, 5, 500, 100)), 0);

    view.at(200 * MILLI);
    assertThat(view.queuedTokens(RequestClass.PRIORITY)).isZero();
    assertThat(queued()).isCloseTo(400, within(1e-6));
    view.at(10 * SECOND);
    assertThat(queued()).isZero();
  }

  @Test
  void whatWasBegunIsNotCounted() {
    // Given a pool whose drain rate is told as far too low, and where nothing waits
    view.report("d", load(1, lane(STANDARD, 0, 0, 0, new LanePosition(0, 0L, 0L))), 0);

    // When ten thousand requests are sent and answered one after the other before the next beat
    for (int i = 0; i < 10_000; i++) {
      Waiting request = view.sent(STANDARD, 100, 100, i * MILLI / 40);
      assertThat(queued()).isBetween(99.0, 100.0);
      view.acked(request, 0, i);
      view.served(request, i * MILLI / 40 + 1);

      // Then nothing of it waits
      assertThat(queued()).isLessThan(1e-6);
    }

    // And the pool is known to be as fast as it was seen to be
    assertThat(view.drainPerSecond()).isGreaterThan(1e6);
  }

  @Test
  void whatWasSentCountsUntilADispatcherTellsOfIt() {
    view.report("d", load(0, lane(STANDARD, 0, 0, 100, new LanePosition(0, 7L, 7L))), 0);
    Waiting one = view.sent(STANDARD, 100, 100, 0);
    Waiting two = view.sent(STANDARD, 100, 100, 0);
    Waiting three = view.sent(STANDARD, 100, 100, 0);
    view.acked(one, 0, 7);
    view.acked(two, 0, 8);
    assertThat(queued()).isEqualTo(300);

    // When it has taken two, of which one runs
    view.report("d", load(0, lane(STANDARD, 1, 100, 100, new LanePosition(0, 9L, 9L))), 1);

    // Then the third, which is not acknowledged, counts beside the one that it has
    assertThat(queued()).isEqualTo(200);
    view.begun(one, 2);
    assertThat(queued()).isEqualTo(200);
    view.acked(three, 0, 9);
    view.begun(three, 2);
    assertThat(queued()).isEqualTo(100);
  }

  @Test
  void anAcknowledgementAfterTheHeartbeatThatCoversItCountsOnce() {
    Waiting one = view.sent(STANDARD, 100, 100, 0);
    view.report("d", load(0, lane(STANDARD, 1, 100, 100, new LanePosition(0, 8L, 8L))), 1);
    assertThat(queued()).isEqualTo(200);

    view.acked(one, 0, 7);

    assertThat(queued()).isEqualTo(100);
  }

  @Test
  void recordsOfOthersAreSeenBetweenOnesOwn() {
    view.report("d", load(0, lane(STANDARD, 0, 0, 100, new LanePosition(0, 0L, 0L))), 0);
    view.acked(view.sent(STANDARD, 100, 100, 0), 0, 0);
    view.acked(view.sent(STANDARD, 100, 100, 0), 0, 4);

    assertThat(queued()).isEqualTo(500);
    assertThat(view.queuedRequests(STANDARD)).isEqualTo(5);
  }

  @Test
  void aDispatcherThatStartsAnewIsWaitedForAndThenMissed() {
    view.report("d", load(1000, lane(STANDARD, 2, 200, 100, new LanePosition(0, 0L, 3L))), 0);
    view.gone("d", 0);

    // Then what waits goes on waiting, at the rate that was known
    view.at(4 * SECOND);
    assertThat(queued()).isEqualTo(500);
    assertThat(view.drainPerSecond()).isEqualTo(1000);
    assertThat(view.measuredNanos()).isZero();
    view.at(6 * SECOND);
    assertThat(view.drainPerSecond()).isZero();

    // When it is back under another name, and has taken all
    view.report(
        "e", load(1000, lane(STANDARD, 5, 500, 100, new LanePosition(0, 3L, 3L))), 7 * SECOND);

    // Then all is counted once
    assertThat(queued()).isEqualTo(500);
    assertThat(view.drainPerSecond()).isEqualTo(1000);
  }

  @Test
  void whatADeadDispatcherHadUnreadWaitsForAnother() {
    view.report("d", load(500, lane(STANDARD, 1, 100, 100, new LanePosition(0, 0L, 3L))), 0);
    view.report("e", load(500, lane(STANDARD, 1, 100, 100, new LanePosition(1, 0L, 2L))), 0);
    assertThat(view.drainPerSecond()).isEqualTo(1000);

    view.gone("d", 1);

    assertThat(queued()).isCloseTo(600, within(1e-3));
    assertThat(view.drainPerSecond()).isEqualTo(500);
  }

  @Test
  void aPoolThatNobodyMeasuredIsFastUntilSomethingWaits() {
    view.report("d", load(0, lane(STANDARD, 0, 0, 0, new LanePosition(0, 0L, 0L))), 0);
    assertThat(view.drainPerSecond()).isGreaterThan(1e9);

    view.report("d", load(0, lane(STANDARD, 4, 400, 100, new LanePosition(0, 4L, 4L))), SECOND);
    view.at(3 * SECOND);

    // 400 tokens have not been served in two seconds
    assertThat(view.queuedTokens(STANDARD) / view.drainPerSecond()).isCloseTo(2, within(0.01));
  }

  @Test
  void aPlaceIsWhatIsBeforeAndHowLongThatTakes() {
    view.report(
        "d",
        load(
            1000,
            lane(RequestClass.PRIORITY, 2, 200, 100),
            lane(
                STANDARD, 3, 300, 100, new LanePosition(0, 10L, 14L), new LanePosition(1, 0L, 4L))),
        0);

    // The third of four unread in its partition: 3 taken, and half of 8 unread are before it
    assertThat(view.place(STANDARD, 0, 12)).hasValue(new QueuePlace(8, OptionalLong.of(900)));
    assertThat(view.place(STANDARD, 0, 9)).hasValue(new QueuePlace(3, OptionalLong.of(400)));
    assertThat(view.place(STANDARD, 7, 1)).isEmpty();
    assertThat(view.place(RequestClass.FLEX, 0, 1)).isEmpty();
  }

  @Test
  void aRequestThatIsBegunHasNoPlace() {
    view.report("d", load(1000, lane(STANDARD, 0, 0, 100, new LanePosition(0, 0L, 0L))), 0);
    Waiting request = view.sent(STANDARD, 100, 100, 0);
    assertThat(view.place(request)).isEmpty();
    view.acked(request, 0, 0);
    assertThat(view.place(request)).hasValue(new QueuePlace(1, OptionalLong.of(0)));

    view.begun(request, 1);

    assertThat(view.place(request)).isEmpty();
  }

  /**
   * Whatever happens in whatever order: nothing is negative, a request more is never less queue, a
   * request begun never more, and what nobody told of counts at most once.
   */
  @Test
  void theViewStaysSound() {
    for (long seed = 0; seed < 300; seed++) {
      soundness(seed);
    }
  }

  private void soundness(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    QueueView subject = new QueueView(Duration.ofSeconds(5), 0);
    long[] ends = new long[3];
    long[] positions = new long[3];
    Deque<Waiting> open = new ArrayDeque<>();
    List<Waiting> unacked = new ArrayList<>();
    double most = 0;
    long now = 0;
    subject.report("d0", load(100, lane(STANDARD, 0, 0, 100)), now);
    for (int step = 0; step < 300; step++) {
      now += random.nextLong(50 * MILLI);
      double before = queuedAt(subject, now);
      switch (random.nextInt(7)) {
        case 0, 1 -> {
          double cost = 1 + random.nextInt(500);
          Waiting sent = subject.sent(STANDARD, cost, cost, now);
          open.add(sent);
          unacked.add(sent);
          assertThat(queuedAt(subject, now)).as("seed %d", seed).isGreaterThanOrEqualTo(before);
        }
        case 2 -> {
          if (!unacked.isEmpty()) {
            int partition = random.nextInt(ends.length);
            subject.acked(unacked.removeFirst(), partition, ends[partition]++);
          }
        }
        case 3 -> {
          int partition = random.nextInt(ends.length);
          subject.acked(STANDARD, partition, ends[partition]++);
        }
        case 4 -> {
          if (!open.isEmpty()) {
            Waiting begun = open.removeFirst();
            subject.begun(begun, now);
            assertThat(queuedAt(subject, now))
                .as("seed %d", seed)
                .isLessThanOrEqualTo(before + 1e-6);
            subject.served(begun, now);
            unacked.remove(begun);
          }
        }
        case 5 -> {
          int ready = random.nextInt(5);
          LanePosition[] told = new LanePosition[ends.length];
          for (int i = 0; i < told.length; i++) {
            positions[i] += random.nextLong(ends[i] - positions[i] + 1);
            told[i] = new LanePosition(i, positions[i], ends[i]);
          }
          subject.report(
              "d" + random.nextInt(2),
              load(random.nextInt(2000), lane(STANDARD, ready, ready * 100.0, 100, told)),
              now);
        }
        default -> subject.gone("d" + random.nextInt(2), now);
      }
      double queued = queuedAt(subject, now);
      assertThat(queued).as("seed %d step %d", seed, step).isGreaterThanOrEqualTo(0);
      assertThat(subject.drainPerSecond()).as("seed %d", seed).isGreaterThanOrEqualTo(0);
      most = Math.max(most, queued);
    }
    assertThat(most).as("seed %d", seed).isPositive();
  }

  private static double queuedAt(QueueView subject, long now) {
    subject.at(now);
    return subject.queuedTokens(STANDARD);
  }

  @Test
  void whatFindsAFreePlaceHoldsUpOthersByItsPromptAlone() {
    // Given engines with three free places
    PoolLoad load = new PoolLoad("llama", 0, List.of(), 1_000.0, 0, 3, List.of(), List.of());
    view.report("d1", load, 0);

    // When five requests of 20 tokens of prompt and 80 of answer come at once
    for (int i = 0; i < 5; i++) {
      Waiting unused = view.sent(STANDARD, 100, 20, 0);
    }

    // Then two wait for all of theirs
    assertThat(queued()).isEqualTo(3 * 20 + 2 * 100);

    // And until a dispatcher has seen those it is told of no more places than it has
    view.report("d1", load, MILLI);
    Waiting sixth = view.sent(STANDARD, 100, 20, MILLI);
    assertThat(sixth.costTokens).isEqualTo(100);
  }
}
