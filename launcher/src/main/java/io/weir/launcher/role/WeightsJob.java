package io.weir.launcher.role;

import io.weir.flink.EmbeddedWeightsJob;
import io.weir.flink.WeightsJobConfig;
import io.weir.launcher.config.WeirConfig;
import io.weir.routing.fleet.WeightSource;
import io.weir.schemas.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights job, started beside the other roles: traffic flows without it, by the configured
 * weights, so nobody waits until Flink runs.
 */
public final class WeightsJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WeightsJob.class);

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final CompletableFuture<EmbeddedWeightsJob> starting = new CompletableFuture<>();

  private WeightsJob() {}

  /** True if a pool's weights come from the job. */
  public static boolean isNeeded(WeirConfig config) {
    return config.pools().stream().anyMatch(pool -> pool.weights() == WeightSource.FLINK);
  }

  /**
   * How the job runs: as configured, with the regions of the configuration's sources.
   *
   * @param state where it keeps checkpoints if the configuration does not say
   */
  static WeightsJobConfig config(WeirConfig config, Optional<Path> state) {
    WeightsJobConfig job = config.weights();
    Map<String, String> sources = new HashMap<>(job.sources());
    config.sources().forEach(source -> sources.putIfAbsent(source.name(), source.region()));
    return new WeightsJobConfig(
        job.plan(),
        sources,
        job.parallelism(),
        job.slot(),
        job.lateness(),
        job.replay(),
        job.checkpointInterval(),
        job.checkpointDir().or(() -> state.map(Path::toString)));
  }

  /**
   * Begins to start the job; returns at once. The topics have to exist.
   *
   * @param state where it keeps checkpoints if the configuration does not say
   * @param started hears once how that went: empty if it runs, else why not
   */
  static WeightsJob start(
      WeirConfig config, KafkaSettings kafka, Path state, Consumer<Optional<String>> started) {
    WeightsJob job = new WeightsJob();
    Thread.ofPlatform()
        .name("weir-weights-start")
        .start(
            () -> {
              try {
                job.starting.complete(
                    EmbeddedWeightsJob.start(kafka, config(config, Optional.of(state))));
                started.accept(Optional.empty());
              } catch (RuntimeException e) {
                LOG.error("weights job not started; traffic goes by the configured weights", e);
                job.starting.completeExceptionally(e);
                started.accept(Optional.of(String.valueOf(e.getMessage())));
              }
            });
    return job;
  }

  /**
   * The job, once it has started.
   *
   * @throws CompletionException if it could not
   */
  public EmbeddedWeightsJob await() {
    return starting.join();
  }

  /** Stops the job; one that is still starting is waited for a little, and stopped when it has. */
  @Override
  public void close() {
    CompletableFuture<Void> closed = starting.thenAccept(EmbeddedWeightsJob::close);
    try {
      closed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException neverStarted) {
      LOG.debug("there is no weights job to stop", neverStarted);
    } catch (TimeoutException slow) {
      LOG.warn("the weights job is still starting; it is left to itself");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
