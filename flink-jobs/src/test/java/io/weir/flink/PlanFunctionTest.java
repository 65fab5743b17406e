package io.weir.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.flink.types.RecordType;
import io.weir.flink.types.TopicEntry;
import io.weir.routing.config.Configs;
import io.weir.routing.plan.DemandRate;
import io.weir.routing.plan.PlanPolicy;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineTiming;
import io.weir.schemas.GeoLink;
import io.weir.schemas.KnownEngine;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanFunctionTest {
  private static final PlanPolicy POLICY = Configs.defaults(PlanPolicy.class);
  private static final long INTERVAL = POLICY.interval().toMillis();
  private static final long FIRST = PlanFunction.FIRST.toMillis();
  private static final long COALESCE = PlanFunction.COALESCE.toMillis();
  private static final long START = 1_000_000;

  /** The function in one of several tasks, at {@link #START}. */
  private static final class Task implements AutoCloseable {
    final KeyedBroadcastOperatorTestHarness<String, PoolSignal, TopicEntry<GeoLink>, RoutingWeights>
        harness;

    Task(int tasks, int task, long epoch, Optional<OperatorSubtaskState> state) throws Exception {
      harness =
          new KeyedBroadcastOperatorTestHarness<>(
              new CoBroadcastWithKeyedOperator<>(
                  new PlanFunction(
                      new PlanSettings(POLICY, Map.of("eu", "here", "us", "there")), () -> epoch),
                  List.of(PlanFunction.GEOGRAPHY)),
              PoolSignal::pool,
              Types.STRING,
              EngineWeightsJob.MAX_PARALLELISM,
              tasks,
              task);
      harness.setup(
          RecordType.forClass(RoutingWeights.class)
              .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
      if (state.isPresent()) {
        harness.initializeState(state.get());
      }
      harness.open();
      harness.setProcessingTime(START);
    }

    static Task only() throws Exception {
      return new Task(1, 0, 1, Optional.empty());
    }

    void engine(EngineSpec spec, EngineSample sample) throws Exception {
      tell(new PoolSignal.Engine(new KnownEngine(spec, sample, null, true)));
    }

    /** An engine that is up. */
    void engine(String id, String pool) throws Exception {
      engine(Samples.engine(id, pool), Samples.up(id, 1, harness.getProcessingTime()));
    }

    void demand(double perSecond) throws Exception {
      tell(
          new PoolSignal.Demand(
              new DemandRate(
                  "eu",
                  "llama",
                  RequestClass.STANDARD,
                  perSecond,
                  0.1,
                  400,
                  100,
                  0,
                  harness.getProcessingTime())));
    }

    void tell(PoolSignal signal) throws Exception {
      harness.processElement(signal, 0);
    }

    void link(String from, String to, double rttMillis) throws Exception {
      harness.processBroadcastElement(
          TopicEntry.of(from + "|" + to, Samples.link(from, to, rttMillis)), 0);
    }

    void passes(long millis) throws Exception {
      harness.setProcessingTime(harness.getProcessingTime() + millis);
    }

    List<RoutingWeights> tables() {
      return harness.extractOutputValues();
    }

    RoutingWeights last(String source) {
      return tables().stream()
          .filter(table -> table.getSource().equals(source))
          .reduce((one, other) -> other)
          .orElseThrow();
    }

    @Override
    public void close() {
      Keeping.close(harness);
    }
  }

  @Test
  void aPoolGetsATableForEverySourceOnceItsEnginesAreGathered() throws Exception {
    try (Task task = Task.only()) {
      // When
      task.engine("a", "llama");
      task.engine("b", "llama");
      task.passes(FIRST - 1);
      // Then
      assertThat(task.tables()).isEmpty();
      // And when
      task.passes(1);
      // Then
      assertThat(task.tables())
          .extracting(RoutingWeights::getSource)
          .containsExactlyInAnyOrder("eu", "us");
      assertThat(task.last("eu").getReason()).isEqualTo("first");
      assertThat(task.last("eu").getEngines()).hasSize(2);
      assertThat(task.last("eu").getEpoch()).isEqualTo(1);
      assertThat(task.last("eu").getInputs()).isPresent();
    }
  }

  @Test
  void aFailureIsPlannedForSoonAndOnceWithAllThatComesWithIt() throws Exception {
    try (Task task = Task.only()) {
      // Given
      for (String engine : List.of("a", "b", "c", "d", "e")) {
        task.engine(engine, "llama");
      }
      task.passes(FIRST);
      long before = task.last("eu").getVersion();
      // When two engines fail and one drains
      long now = task.harness.getProcessingTime();
      task.engine(Samples.engine("b", "llama"), Samples.down("b", 2, now));
      task.passes(COALESCE / 2);
      task.engine(Samples.engine("c", "llama"), Samples.down("c", 2, now));
      task.engine(Samples.draining(Samples.engine("d", "llama")), Samples.up("d", 2, now));
      task.passes(COALESCE / 2);
      // Then
      assertThat(task.last("eu").getReason()).isEqualTo("eligibility");
      assertThat(task.last("eu").getVersion()).isEqualTo(before + 1);
      assertThat(Fleet.weight(task.last("eu"), "b")).isZero();
      assertThat(Fleet.weight(task.last("eu"), "c")).isZero();
      assertThat(Fleet.weight(task.last("eu"), "d")).isZero();
    }
  }

  @Test
  void tablesAreRepeatedAsHeartbeatsWhileNothingMoves() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.engine("a", "llama");
      task.passes(FIRST);
      // When
      for (long passed = 0; passed <= POLICY.heartbeat().toMillis(); passed += INTERVAL) {
        task.engine("a", "llama");
        task.passes(INTERVAL);
      }
      // Then
      assertThat(task.last("eu").getReason()).isEqualTo("heartbeat");
      assertThat(task.tables()).hasSize(4);
    }
  }

  @Test
  void demandThatJumpsIsPlannedForAsSoonAsItMay() throws Exception {
    try (Task task = Task.only()) {
      // Given two engines, one far away
      task.link("here", "there", 300);
      EngineSpec far =
          EngineSpec.newBuilder(Samples.engine("b", "llama")).setRegion("there").build();
      task.engine("a", "llama");
      task.engine(far, Samples.up("b", 1, START));
      task.demand(1);
      task.passes(FIRST);
      double before = Fleet.weight(task.last("eu"), "b");
      // When
      task.passes(INTERVAL / 2);
      task.demand(200);
      task.passes(COALESCE);
      // Then it is not moved more often than every interval
      assertThat(task.last("eu").getReason()).isEqualTo("first");
      // And when
      task.passes(INTERVAL / 2 - COALESCE);
      // Then
      assertThat(task.last("eu").getReason()).isEqualTo("surge");
      assertThat(Fleet.weight(task.last("eu"), "b")).isGreaterThan(before);
    }
  }

  @Test
  void distanceIsPlannedWith() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.link("here", "there", 300);
      task.engine("a", "llama");
      task.engine(
          EngineSpec.newBuilder(Samples.engine("b", "llama")).setRegion("there").build(),
          Samples.up("b", 1, START));
      task.demand(1);
      // When
      task.passes(FIRST);
      // Then
      assertThat(Fleet.weight(task.last("eu"), "a")).isGreaterThan(0.9);
      assertThat(Fleet.weight(task.last("us"), "b")).isGreaterThan(0.9);
    }
  }

  @Test
  void onePoolsFaultDoesNotStopTheOthers() throws Exception {
    try (Task task = Task.only()) {
      // Given a pool with an engine that cannot be planned with
      EngineSpec good = Samples.engine("x", "broken");
      EngineSpec bad =
          EngineSpec.newBuilder(good)
              .setTiming(EngineTiming.newBuilder(good.getTiming()).setMaxNumSeqs(-1).build())
              .build();
      task.engine(bad, Samples.up("x", 1, START));
      task.engine("a", "llama");
      // When
      task.passes(FIRST + INTERVAL);
      // Then
      assertThat(task.tables()).isNotEmpty().allMatch(table -> table.getPool().equals("llama"));
    }
  }

  @Test
  void nothingIsKeptOfAPoolThatIsGone() throws Exception {
    try (Task task = Task.only()) {
      // Given
      task.engine("a", "llama");
      task.demand(10);
      task.passes(FIRST);
      assertThat(Keeping.entries(task.harness)).isPositive();
      // When
      task.tell(new PoolSignal.EngineGone("llama", "a"));
      task.demand(0);
      task.passes(INTERVAL);
      int tables = task.tables().size();
      task.passes(INTERVAL);
      // Then
      assertThat(Keeping.entries(task.harness)).isZero();
      assertThat(task.harness.numProcessingTimeTimers()).isZero();
      assertThat(task.tables()).hasSize(tables);
    }
  }

  @Test
  void demandForAPoolWithoutEnginesStartsNothing() throws Exception {
    try (Task task = Task.only()) {
      // When
      task.demand(10);
      task.passes(INTERVAL);
      // Then
      assertThat(task.tables()).isEmpty();
      assertThat(task.harness.numProcessingTimeTimers()).isZero();
      // And when
      task.demand(0);
      // Then
      assertThat(Keeping.entries(task.harness)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void aRestoredTaskGoesOnInItsNewEpochWithWhatItKnew(Keeping keeping) throws Exception {
    try (Task before = Task.only()) {
      // Given
      before.link("here", "there", 300);
      before.engine("a", "llama");
      before.engine(Samples.engine("b", "llama"), Samples.down("b", 1, START));
      before.demand(10);
      before.passes(FIRST);
      // When
      try (Task after = new Task(1, 0, 2, Optional.of(keeping.of(before.harness)))) {
        for (long passed = 0; passed <= POLICY.heartbeat().toMillis(); passed += INTERVAL) {
          after.engine("a", "llama");
          after.engine(
              Samples.engine("b", "llama"),
              Samples.down("b", 2, after.harness.getProcessingTime()));
          after.passes(INTERVAL);
        }
        // Then
        RoutingWeights table = after.last("eu");
        assertThat(table.getEpoch()).isEqualTo(2);
        assertThat(table.getEngines()).hasSize(2);
        assertThat(Fleet.weight(table, "b")).isZero();
        assertThat(table.getInputs().orElseThrow().getDemand()).hasSize(1);
        assertThat(after.harness.getBroadcastState(PlanFunction.GEOGRAPHY).contains("here|there"))
            .isTrue();
      }
    }
  }

  @Test
  void aRestoredTaskWaitsForTelemetryBeforeItPlans() throws Exception {
    try (Task before = Task.only()) {
      // Given
      before.engine("a", "llama");
      before.engine("b", "llama");
      before.engine("c", "llama");
      before.passes(FIRST);
      // When it is restored after a minute in which an engine died
      try (Task after = new Task(1, 0, 2, Optional.of(Keeping.CHECKPOINT.of(before.harness)))) {
        after.passes(60_000);
        // Then
        assertThat(after.tables()).isEmpty();
        // And when telemetry has been read
        long now = after.harness.getProcessingTime();
        after.engine("a", "llama");
        after.engine("c", "llama");
        after.engine(Samples.engine("b", "llama"), Samples.down("b", 2, now));
        after.passes(PlanFunction.CATCH_UP.toMillis());
        // Then
        assertThat(Fleet.weight(after.last("eu"), "b")).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Keeping.class)
  void everyPoolIsPlannedByOneOfFourTasks(Keeping keeping) throws Exception {
    try (Task before = Task.only()) {
      // Given
      before.link("here", "there", 300);
      for (int pool = 0; pool < 20; pool++) {
        before.engine("e" + pool, "p" + pool);
      }
      before.passes(FIRST);
      OperatorSubtaskState state = keeping.of(before.harness);
      // When
      List<String> pools = new ArrayList<>();
      for (int index = 0; index < 4; index++) {
        try (Task after = new Task(4, index, 2, Optional.of(Keeping.part(state, 1, 4, index)))) {
          after.passes(FIRST + INTERVAL);
          after.passes(POLICY.heartbeat().toMillis());
          assertThat(after.harness.getBroadcastState(PlanFunction.GEOGRAPHY).contains("here|there"))
              .isTrue();
          after.tables().stream().map(RoutingWeights::getPool).distinct().forEach(pools::add);
        }
      }
      // Then
      assertThat(pools).hasSize(20).doesNotHaveDuplicates();
    }
  }
}
