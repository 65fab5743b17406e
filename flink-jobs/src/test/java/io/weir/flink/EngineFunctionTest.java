package io.weir.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.flink.types.TopicEntry;
import io.weir.routing.config.Configs;
import io.weir.routing.engine.CalibrationPolicy;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineTiming;
import io.weir.schemas.KnownEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineFunctionTest {
  private static final EngineSpec A = Samples.engine("a", "llama");

  /** The function in one of several tasks. */
  private static final class Task implements AutoCloseable {
    final KeyedOneInputStreamOperatorTestHarness<String, EngineSignal, PoolSignal> harness;

    Task(int tasks, int task, Optional<OperatorSubtaskState> state) throws Exception {
      harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              new KeyedProcessOperator<>(
                  new EngineFunction(Configs.defaults(CalibrationPolicy.class))),
              EngineSignal::engine,
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

    void specify(EngineSpec spec) throws Exception {
      tell(new EngineSignal.Specified(TopicEntry.of(spec.getId(), spec)));
    }

    void remove(String engine) throws Exception {
      tell(new EngineSignal.Specified(TopicEntry.removed(engine)));
    }

    void sample(EngineSample sample) throws Exception {
      tell(new EngineSignal.Sampled(sample));
    }

    void tell(EngineSignal signal) throws Exception {
      harness.processElement(signal, 0);
    }

    List<PoolSignal> said() {
      return harness.extractOutputValues();
    }

    KnownEngine last() {
      return ((PoolSignal.Engine) said().getLast()).engine();
    }

    @Override
    public void close() {
      Keeping.close(harness);
    }
  }

  @Test
  void thePoolIsToldOfEveryChange() throws Exception {
    try (Task task = Task.only()) {
      // When
      task.specify(A);
      task.sample(Samples.up("a", 1, 1_000));
      task.specify(Samples.draining(A));
      // Then
      assertThat(task.said()).hasSize(3).allMatch(signal -> signal.pool().equals("llama"));
      assertThat(task.last().getSpec().getDraining()).isTrue();
      assertThat(task.last().getSample()).contains(Samples.up("a", 1, 1_000));
      assertThat(task.last().getHealthy()).isTrue();
    }
  }

  @Test
  void anEngineIsNothingBeforeItIsSpecifiedAndAfterItWasRemoved() throws Exception {
    try (Task task = Task.only()) {
      // When
      task.sample(Samples.up("a", 1, 1_000));
      task.tell(new EngineSignal.Unreachable("a"));
      // Then
      assertThat(task.said()).isEmpty();
      assertThat(Keeping.entries(task.harness)).isZero();
      // And when
      task.specify(A);
      task.tell(new EngineSignal.Unreachable("a"));
      task.remove("a");
      // Then
      assertThat(task.said().getLast()).isEqualTo(new PoolSignal.EngineGone("llama", "a"));
      assertThat(Keeping.entries(task.harness)).isZero();
      assertThat(task.harness.numProcessingTimeTimers()).isZero();
    }
  }

  @Test
  void anEngineThatMovesLeavesItsOldPool() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.specify(A);
      // When
      task.specify(Samples.engine("a", "mistral"));
      // Then
      assertThat(task.said().get(1)).isEqualTo(new PoolSignal.EngineGone("llama", "a"));
      assertThat(task.said().get(2).pool()).isEqualTo("mistral");
    }
  }

  @Test
  void samplesOfAReplacedOwnerAndRepeatedOnesAreVoid() throws Exception {
    try (Task task = Task.only()) {
      // Given
      EngineSample newest =
          EngineSample.newBuilder(Samples.up("a", 1, 3_000))
              .setOwner("other")
              .setOwnerEpoch(2)
              .build();
      task.specify(A);
      task.sample(Samples.up("a", 7, 1_000));
      task.sample(newest);
      // When
      task.sample(newest);
      task.sample(Samples.down("a", 8, 4_000));
      // Then
      assertThat(task.said()).hasSize(3);
      assertThat(task.last().getSample()).contains(newest);
    }
  }

  @Test
  void anEngineThatDispatchersCannotReachIsNotHealthyUntilItAnswers() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.specify(A);
      // When
      for (int i = 0; i < EngineFunction.FAILURES - 1; i++) {
        task.tell(new EngineSignal.Unreachable("a"));
      }
      // Then
      assertThat(task.last().getHealthy()).isTrue();
      // And when
      task.tell(new EngineSignal.Unreachable("a"));
      // Then
      assertThat(task.last().getHealthy()).isFalse();
      // And when
      task.tell(new EngineSignal.Answered("a"));
      // Then
      assertThat(task.last().getHealthy()).isTrue();
      assertThat(task.harness.numProcessingTimeTimers()).isZero();
    }
  }

  @Test
  void failuresWithAnswersInBetweenAreNotAnEnginesDeath() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.specify(A);
      // When
      for (int i = 0; i < 3 * EngineFunction.FAILURES; i++) {
        task.tell(new EngineSignal.Unreachable("a"));
        task.tell(new EngineSignal.Answered("a"));
      }
      // Then
      assertThat(task.said()).hasSize(1);
    }
  }

  @Test
  void anUnreachableEngineMayBeTriedAgainAfterAWhile() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.specify(A);
      for (int i = 0; i < EngineFunction.FAILURES; i++) {
        task.tell(new EngineSignal.Unreachable("a"));
      }
      // When
      task.harness.setProcessingTime(EngineFunction.TRIAL.toMillis() - 1);
      // Then
      assertThat(task.last().getHealthy()).isFalse();
      // And when
      task.harness.setProcessingTime(EngineFunction.TRIAL.toMillis());
      // Then
      assertThat(task.last().getHealthy()).isTrue();
      assertThat(task.harness.numProcessingTimeTimers()).isZero();
    }
  }

  @Test
  void whatWasLearntAgainstAnotherProfileIsForgotten() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.specify(A);
      task.sample(Samples.up("a", 1, 1_000));
      assertThat(task.last().getCalibration()).isPresent();
      EngineTiming faster = EngineTiming.newBuilder(A.getTiming()).setT0(1).build();
      // When
      task.specify(EngineSpec.newBuilder(A).setTiming(faster).build());
      // Then
      assertThat(task.last().getCalibration()).isEmpty();
    }
  }

  @Test
  void anImpossibleProfileIsNotTaken() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.specify(A);
      EngineTiming impossible = EngineTiming.newBuilder(A.getTiming()).setMaxNumSeqs(-1).build();
      // When
      task.specify(EngineSpec.newBuilder(A).setTiming(impossible).build());
      // Then
      assertThat(task.last().getSpec()).isEqualTo(A);
    }
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void aRestoredTaskKnowsTheEnginesAndGoesOnWaiting(Keeping keeping) throws Exception {
    try (Task before = Task.only()) {
      // Given an engine that cannot be reached
      before.specify(A);
      before.sample(Samples.up("a", 5, 1_000));
      for (int i = 0; i < EngineFunction.FAILURES; i++) {
        before.tell(new EngineSignal.Unreachable("a"));
      }
      // When
      try (Task after = new Task(1, 0, Optional.of(keeping.of(before.harness)))) {
        after.sample(Samples.up("a", 5, 1_000));
        // Then the sample is known
        assertThat(after.said()).isEmpty();
        // And when
        after.harness.setProcessingTime(EngineFunction.TRIAL.toMillis());
        // Then the trial still ends
        assertThat(after.last())
            .isEqualTo(KnownEngine.newBuilder(before.last()).setHealthy(true).build());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void everyEngineIsFoundAgainByOneOfFourTasks(Keeping keeping) throws Exception {
    try (Task before = Task.only()) {
      // Given
      for (int i = 0; i < 20; i++) {
        before.specify(Samples.engine("e" + i, "llama"));
        for (int failure = 0; failure < EngineFunction.FAILURES; failure++) {
          before.tell(new EngineSignal.Unreachable("e" + i));
        }
      }
      OperatorSubtaskState state = keeping.of(before.harness);
      // When
      List<String> recovered = new ArrayList<>();
      for (int index = 0; index < 4; index++) {
        try (Task after = new Task(4, index, Optional.of(Keeping.part(state, 1, 4, index)))) {
          after.harness.setProcessingTime(EngineFunction.TRIAL.toMillis());
          after.said().stream()
              .map(signal -> ((PoolSignal.Engine) signal).engine())
              .filter(KnownEngine::getHealthy)
              .forEach(engine -> recovered.add(engine.getSpec().getId()));
        }
      }
      // Then
      assertThat(recovered).hasSize(20).doesNotHaveDuplicates();
    }
  }
}
