package io.weir.flink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Flink cluster of one JobManager and one TaskManager inside this process, running one job. */
final class EmbeddedCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCluster.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String LOOPBACK = "127.0.0.1";

  private final MiniCluster cluster;
  private final JobID job;

  private EmbeddedCluster(MiniCluster cluster, JobID job) {
    this.cluster = cluster;
    this.job = job;
  }

  /**
   * Starts a cluster and gives it the job; the job's tasks then still have to start.
   *
   * @param checkpoint what to restore the state from
   */
  static EmbeddedCluster start(EngineWeightsJob graph, int parallelism, Optional<Path> checkpoint)
      throws Exception {
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings())
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .build());
    try {
      cluster.start();
      StreamGraph job = job(graph, checkpoint);
      cluster.submitJob(job).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return new EmbeddedCluster(cluster, job.getJobID());
    } catch (Exception failure) {
      cluster.close();
      throw failure;
    }
  }

  /** Small, on loopback, on free ports. */
  private static Configuration settings() {
    Configuration settings = new Configuration();
    settings.set(JobManagerOptions.ADDRESS, LOOPBACK);
    settings.set(JobManagerOptions.BIND_HOST, LOOPBACK);
    settings.set(TaskManagerOptions.HOST, LOOPBACK);
    settings.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
    settings.set(RestOptions.ADDRESS, LOOPBACK);
    settings.set(RestOptions.BIND_ADDRESS, LOOPBACK);
    settings.set(RestOptions.BIND_PORT, "0");
    settings.set(RestOptions.SERVER_NUM_THREADS, 1);
    // The job has no state on the managed memory, and its records are few and small.
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.parse("1m"));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.parse("4m"));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.parse("4m"));
    settings.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, MemorySize.parse("16k"));
    // Nothing of the job goes through the blob server, which listens on the host's own name.
    settings.set(BlobServerOptions.OFFLOAD_MINSIZE, Integer.MAX_VALUE);
    return settings;
  }

  private static StreamGraph job(EngineWeightsJob graph, Optional<Path> checkpoint) {
    Configuration settings = new Configuration();
    checkpoint.ifPresent(
        path -> {
          settings.set(StateRecoveryOptions.SAVEPOINT_PATH, path.toUri().toString());
          settings.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
          settings.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        });
    StreamExecutionEnvironment environment = new StreamExecutionEnvironment(settings);
    graph.build(environment);
    return environment.getStreamGraph();
  }

  /** True while every task is running, its state restored. */
  boolean isRunning() {
    return graph()
        .filter(graph -> graph.getState() == JobStatus.RUNNING)
        .map(
            graph ->
                StreamSupport.stream(graph.getAllExecutionVertices().spliterator(), false)
                    .map(AccessExecutionVertex::getExecutionState)
                    .allMatch(ExecutionState.RUNNING::equals))
        .orElse(false);
  }

  /** True if the job has ended and will not start again by itself. */
  boolean hasEnded() {
    return graph().map(graph -> graph.getState().isGloballyTerminalState()).orElse(true);
  }

  /** Why tasks last failed, with the whole stack. */
  Optional<String> lastFailure() {
    return graph().map(AccessExecutionGraph::getFailureInfo).map(ErrorInfo::getExceptionAsString);
  }

  private Optional<AccessExecutionGraph> graph() {
    if (!cluster.isRunning()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          cluster.getExecutionGraph(job).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException unknown) {
      LOG.debug("the state of the weights job is not known", unknown);
      return Optional.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Lets the tasks stop in order, then ends the cluster. */
  @Override
  public void close() {
    try {
      if (!hasEnded()) {
        cluster.cancelJob(job).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        cluster.requestJobResult(job).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException failure) {
      LOG.warn("the weights job did not stop in order", failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    kill();
  }

  /** Ends everything at once, tasks in the middle of what they do. */
  void kill() {
    try {
      cluster.closeAsync().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      LOG.warn("the embedded Flink cluster did not close in order", failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
