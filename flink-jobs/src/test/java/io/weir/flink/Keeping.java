package io.weir.flink;

import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** The ways in which Flink keeps state, and what tests ask of state. */
enum Keeping {
  CHECKPOINT,
  SAVEPOINT;

  private SnapshotType type() {
    return switch (this) {
      case CHECKPOINT -> CheckpointType.FULL_CHECKPOINT;
      case SAVEPOINT -> SavepointType.savepoint(SavepointFormatType.CANONICAL);
    };
  }

  /** The whole state of a running operator. */
  OperatorSubtaskState of(AbstractStreamOperatorTestHarness<?> harness) throws Exception {
    return harness.snapshotWithLocalState(1, 1, type()).getJobManagerOwnedState();
  }

  /** One task's part of a state when the operator runs in another number of tasks. */
  static OperatorSubtaskState part(
      OperatorSubtaskState state, int tasksBefore, int tasks, int task) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        state, EngineWeightsJob.MAX_PARALLELISM, tasksBefore, tasks, task);
  }

  /** How many keys there is any state for, each state counted by itself. */
  static int entries(AbstractStreamOperatorTestHarness<?> harness) {
    AbstractStreamOperator<?> operator = harness.getOperator();
    return ((HeapKeyedStateBackend<?>) operator.getKeyedStateBackend()).numKeyValueStateEntries();
  }

  static void close(AbstractStreamOperatorTestHarness<?> harness) {
    try {
      harness.close();
    } catch (Exception failure) {
      throw new AssertionError("the operator did not close", failure);
    }
  }
}
