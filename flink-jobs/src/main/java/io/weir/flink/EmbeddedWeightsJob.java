package io.weir.flink;

import io.weir.flink.kafka.KafkaWeights;
import io.weir.schemas.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights job in a Flink cluster inside this process. It restarts itself after failures; with a
 * checkpoint directory it goes on where the last run in that directory stopped.
 */
public final class EmbeddedWeightsJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedWeightsJob.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(50);

  /** What is the matter with the job. */
  public enum State {
    /** Every task runs. */
    RUNNING,
    /** Tasks are starting, or being started again after a failure. */
    STARTING,
    /** It was killed or closed. */
    STOPPED
  }

  private final KafkaSettings kafka;
  private final WeightsJobConfig config;
  private volatile Optional<EmbeddedCluster> cluster = Optional.empty();

  private EmbeddedWeightsJob(KafkaSettings kafka, WeightsJobConfig config) {
    this.kafka = kafka;
    this.config = config;
  }

  /**
   * Starts the job and waits until all its tasks run, at most 30 s; a job that does not run by
   * then, as while Kafka is away, goes on trying. The topics have to exist.
   *
   * @throws WeightsJobException if Flink itself does not start
   */
  public static EmbeddedWeightsJob start(KafkaSettings kafka, WeightsJobConfig config) {
    EmbeddedWeightsJob job = new EmbeddedWeightsJob(kafka, config);
    job.start();
    return job;
  }

  /**
   * Starts the job again after {@link #kill} or {@link #close}; does nothing if it was not stopped.
   *
   * @throws WeightsJobException if Flink itself does not start
   */
  public synchronized void start() {
    if (cluster.isPresent()) {
      return;
    }
    long begun = System.nanoTime();
    try {
      Optional<KeptCheckpoints> kept = local().map(KeptCheckpoints::new);
      Optional<Path> checkpoint = kept.isPresent() ? kept.get().newest() : Optional.empty();
      if (kept.isPresent()) {
        kept.get().removeRunsOtherThan(checkpoint);
      }
      if (!startFrom(checkpoint) && checkpoint.isPresent()) {
        LOG.warn(
            "the state in {} cannot be used by this version of the job, which starts without it",
            checkpoint.get());
        stop();
        kept.get().removeRunsOtherThan(Optional.empty());
        startFrom(Optional.empty());
      }
      LOG.info(
          "weights job started state={} restored={} millis={}",
          state(),
          checkpoint.isPresent(),
          Duration.ofNanos(System.nanoTime() - begun).toMillis());
    } catch (IOException unusable) {
      throw new WeightsJobException(
          "The weights job cannot use its checkpoint directory %s: %s."
              .formatted(config.checkpointDir().orElse(""), unusable.getMessage()),
          unusable);
    }
  }

  /** Runs the job; false if it cannot run from this checkpoint. */
  private boolean startFrom(Optional<Path> checkpoint) {
    KafkaWeights topics = new KafkaWeights(kafka, Clock.systemUTC());
    EngineWeightsJob graph =
        new EngineWeightsJob(
            topics.sources(config.replay()), topics.sinks(), topics.epochs(), config);
    EmbeddedCluster started = started(graph, checkpoint);
    cluster = Optional.of(started);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!started.isRunning() && System.nanoTime() < deadline) {
      if (started.hasEnded() || cannotRead(started)) {
        return false;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    return true;
  }

  private EmbeddedCluster started(EngineWeightsJob graph, Optional<Path> checkpoint) {
    try {
      return EmbeddedCluster.start(graph, config.parallelism(), checkpoint);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new WeightsJobException("Interrupted while the weights job was starting.", stopped);
    } catch (Exception failure) {
      throw new WeightsJobException(
          "The embedded Flink cluster for the weights job did not start: %s. The log has the details; pools with weights: static need no Flink."
              .formatted(failure.getMessage()),
          failure);
    }
  }

  private static boolean cannotRead(EmbeddedCluster started) {
    return started
        .lastFailure()
        .filter(failure -> failure.contains("StateMigrationException"))
        .isPresent();
  }

  /** Checkpoints on a remote file system are Flink's own affair. */
  private Optional<Path> local() {
    return config
        .checkpointDir()
        .map(JobSettings::uri)
        .filter(uri -> uri.startsWith("file:"))
        .map(uri -> Path.of(URI.create(uri)));
  }

  /** How the job is now. */
  public State state() {
    return cluster
        .map(running -> running.isRunning() ? State.RUNNING : State.STARTING)
        .orElse(State.STOPPED);
  }

  /** Ends the job at once, as a crash would; {@link #start} brings it back. */
  public synchronized void kill() {
    LOG.warn("weights job killed");
    cluster.ifPresent(EmbeddedCluster::kill);
    cluster = Optional.empty();
  }

  /** Stops the job. */
  @Override
  public synchronized void close() {
    stop();
  }

  private void stop() {
    cluster.ifPresent(EmbeddedCluster::close);
    cluster = Optional.empty();
  }
}
