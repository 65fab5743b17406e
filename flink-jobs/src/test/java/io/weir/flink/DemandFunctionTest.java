package io.weir.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.config.Configs;
import io.weir.routing.plan.DemandPolicy;
import io.weir.routing.plan.DemandRate;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemandFunctionTest {
  private static final Duration SLOT = Duration.ofMillis(500);
  private static final long START = 1_000_000;
  private static final long MINUTE = 60_000;

  /** The function in one of several tasks. */
  private static final class Task implements AutoCloseable {
    final DemandFunction function = new DemandFunction(Configs.defaults(DemandPolicy.class), SLOT);
    final KeyedOneInputStreamOperatorTestHarness<String, LifecycleEvent, PoolSignal> harness;

    Task(int tasks, int task, Optional<OperatorSubtaskState> state) throws Exception {
      harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              new KeyedProcessOperator<>(function),
              OfferedDemand::key,
              Types.STRING,
              EngineWeightsJob.MAX_PARALLELISM,
              tasks,
              task);
      harness.setup(
          PoolSignal.type().createSerializer(harness.getExecutionConfig().getSerializerConfig()));
      if (state.isPresent()) {
        harness.initializeState(state.get());
      }
      harness.open();
    }

    static Task only() throws Exception {
      return new Task(1, 0, Optional.empty());
    }

    void offer(long at) throws Exception {
      harness.processElement(Samples.accepted("r" + at, at), at);
    }

    /** Requests at an even rate, the watermark half a second behind them. */
    void offerEvenly(double perSecond, long from, long to) throws Exception {
      for (double at = from; at < to; at += 1_000 / perSecond) {
        offer((long) at);
        harness.processWatermark((long) at - 500);
      }
    }

    List<DemandRate> rates() {
      return harness.extractOutputValues().stream()
          .map(signal -> ((PoolSignal.Demand) signal).rate())
          .toList();
    }

    @Override
    public void close() {
      Keeping.close(harness);
    }
  }

  @Test
  void everyOfferedRequestCountsOnce() throws Exception {
    try (Task task = Task.only()) {
      // Given ten requests a second, half of them shed on arrival, with what follows in their lives
      for (int i = 0; i < 600; i++) {
        long at = START + i * 100L;
        LifecycleEvent event =
            i % 2 == 0 ? Samples.accepted("r" + i, at) : Samples.shed("r" + i, at);
        List<LifecycleEvent> life =
            List.of(
                event,
                Samples.retried("r" + i, "a", "engine_unreachable"),
                Samples.shedAfterAcceptance("r" + i, at));
        for (LifecycleEvent each : life) {
          if (OfferedDemand.matters(each)) {
            // As it comes there: with nothing but what is counted.
            task.harness.processElement(OfferedDemand.counted(each), at);
          }
        }
        // When
        task.harness.processWatermark(at - 500);
      }
      // Then
      DemandRate last = task.rates().getLast();
      assertThat(last.perSecond()).isCloseTo(10, within(1.0));
      assertThat(last.source()).isEqualTo("eu");
      assertThat(last.pool()).isEqualTo("llama");
      assertThat(last.requestClass()).isEqualTo(RequestClass.STANDARD);
      assertThat(last.promptTokens()).isCloseTo(400, within(1.0));
    }
  }

  @Test
  void whatIsCountedOfAnEventIsAllThatCounts() {
    for (LifecycleEvent event :
        List.of(
            Samples.accepted("r", START),
            Samples.shed("r", START),
            Samples.shedWithOthers("r", START, 99),
            Samples.succeeded("r", "engine", START),
            Samples.shedAfterAcceptance("r", START))) {
      LifecycleEvent counted = OfferedDemand.counted(event);
      assertThat(OfferedDemand.key(counted)).isEqualTo(OfferedDemand.key(event));
      assertThat(OfferedDemand.others(counted)).isEqualTo(OfferedDemand.others(event));
      assertThat(OfferedDemand.isUse(counted)).isEqualTo(OfferedDemand.isUse(event));
      if (OfferedDemand.matters(event)) {
        assertThat(OfferedDemand.isOffer(counted)).isEqualTo(OfferedDemand.isOffer(event));
      }
      assertThat(counted.getAt()).isEqualTo(event.getAt());
      assertThat(counted.getUsage()).isEqualTo(event.getUsage());
    }
  }

  @Test
  void ofAFloodOfShedRequestsThoseNotToldOfCount() throws Exception {
    try (Task task = Task.only()) {
      // Given one event a second that stands for itself and 99 others
      for (int i = 0; i < 120; i++) {
        long at = START + i * 1_000L;
        task.harness.processElement(
            OfferedDemand.counted(Samples.shedWithOthers("r" + i, at, 99)), at);
        // When
        task.harness.processWatermark(at - 500);
      }
      // Then
      assertThat(task.rates().getLast().perSecond()).isCloseTo(100, within(10.0));
    }
  }

  @Test
  void whatAnswersUsedIsLearnt() throws Exception {
    try (Task task = Task.only()) {
      // Given estimates of 400 and 100 tokens
      for (int i = 0; i < 600; i++) {
        long at = START + i * 100L;
        task.offer(at);
        // When answers used 800, half of it cached, and 200
        task.harness.processElement(Samples.succeeded("r" + i, "a", at), at);
        task.harness.processWatermark(at - 500);
      }
      // Then
      DemandRate last = task.rates().getLast();
      assertThat(last.promptTokens()).isGreaterThan(700);
      assertThat(last.outputTokens()).isGreaterThan(170);
      assertThat(last.cachedFraction()).isCloseTo(0.5, within(0.01));
    }
  }

  @Test
  void aSurgeShowsWithinSeconds() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.offerEvenly(20, START, START + MINUTE);
      // When
      task.offerEvenly(40, START + MINUTE, START + MINUTE + 3_000);
      // Then
      assertThat(task.rates().getLast().perSecond()).isGreaterThan(30);
    }
  }

  @Test
  void partitionsReadAtDifferentSpeedsDoNotLookLikeASurge() throws Exception {
    try (Task task = Task.only()) {
      // Given one partition that is read a minute ahead of the other, which holds the watermark
      for (long at = START; at < START + MINUTE; at += 100) {
        task.offer(at);
      }
      for (long at = START + 50; at < START + MINUTE; at += 100) {
        task.offer(at);
        // When
        task.harness.processWatermark(at);
      }
      // Then
      assertThat(task.rates()).allSatisfy(rate -> assertThat(rate.perSecond()).isLessThan(24));
      assertThat(task.rates().getLast().perSecond()).isCloseTo(20, within(1.0));
    }
  }

  @Test
  void lateRequestsCountInTheOpenSlotAndVeryLateOnesNotAtAll() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.offer(START);
      task.harness.processWatermark(START + 10_000);
      // When
      task.offer(START + 8_000);
      task.offer(START + 4_000);
      // Then
      assertThat(task.function.late()).isEqualTo(new DemandFunction.Late(2, 1));
      int before = task.rates().size();
      task.harness.processWatermark(START + 11_000);
      assertThat(task.rates().get(before).perSecond())
          .isGreaterThan(task.rates().get(before - 1).perSecond());
    }
  }

  @Test
  void whileNothingComesThereIsNothingToSay() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.offerEvenly(10, START, START + 10_000);
      int before = task.rates().size();
      // When all partitions are idle
      task.harness.processWatermarkStatus(WatermarkStatus.IDLE);
      // Then
      assertThat(task.rates()).hasSize(before);
      // And when they are back after two minutes
      task.harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
      task.harness.processWatermark(START + 2 * MINUTE);
      // Then the rate has gone down in their absence
      assertThat(task.rates().getLast().perSecond()).isLessThan(2);
    }
  }

  @Test
  void nothingIsKeptOfDemandThatIsOver() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.offerEvenly(10, START, START + 10_000);
      assertThat(Keeping.entries(task.harness)).isPositive();
      // When
      task.harness.processWatermark(START + 20 * MINUTE);
      // Then
      assertThat(Keeping.entries(task.harness)).isZero();
      assertThat(task.harness.numEventTimeTimers()).isZero();
      assertThat(task.rates().getLast().perSecond()).isLessThan(DemandFunction.NOTHING);
    }
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void aRestoredTaskGoesOnAsIfNothingHadHappened(Keeping keeping) throws Exception {
    try (Task undisturbed = Task.only();
        Task before = Task.only()) {
      // Given
      undisturbed.offerEvenly(10, START, START + MINUTE);
      before.offerEvenly(10, START, START + MINUTE / 2);
      // When
      try (Task after = new Task(1, 0, Optional.of(keeping.of(before.harness)))) {
        after.harness.processWatermark(START + MINUTE / 2 - 500);
        after.offerEvenly(10, START + MINUTE / 2, START + MINUTE);
        // Then
        assertThat(after.rates().getLast()).isEqualTo(undisturbed.rates().getLast());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void everySourcesDemandIsFoundAgainByOneOfFourTasks(Keeping keeping) throws Exception {
    try (Task before = Task.only()) {
      // Given twenty sources
      for (int source = 0; source < 20; source++) {
        before.harness.processElement(
            LifecycleEvent.newBuilder(Samples.accepted("r", START)).setSource("s" + source).build(),
            START);
      }
      before.harness.processWatermark(START + 1_000);
      OperatorSubtaskState state = keeping.of(before.harness);
      // When
      List<String> sources = new ArrayList<>();
      for (int index = 0; index < 4; index++) {
        try (Task after = new Task(4, index, Optional.of(Keeping.part(state, 1, 4, index)))) {
          after.harness.processWatermark(START + 1_500);
          after.rates().forEach(rate -> sources.add(rate.source()));
        }
      }
      // Then each goes on in exactly one
      assertThat(sources).hasSize(20).doesNotHaveDuplicates();
    }
  }
}
