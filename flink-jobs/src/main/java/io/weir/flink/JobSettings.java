package io.weir.flink;

import java.io.File;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the job asks of Flink, wherever it runs. */
final class JobSettings {
  private static final Duration FIRST_RESTART = Duration.ofMillis(500);
  private static final Duration LONGEST_RESTART = Duration.ofSeconds(10);

  /** A job that has run this long is thought healthy again. */
  private static final Duration STEADY = Duration.ofMinutes(1);

  private static final Duration WATERMARKS = Duration.ofMillis(100);

  /**
   * Tables and what leads to them are few and urgent: nothing waits for a buffer to fill. Where
   * every record leaves at once no thread has to wake up for those that wait.
   */
  private static final long BUFFER_MILLIS = 0;

  private JobSettings() {}

  static void apply(WeightsJobConfig config, StreamExecutionEnvironment environment) {
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.NAME, "weir-weights");
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, WATERMARKS);
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, config.checkpointInterval());
    settings.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    config
        .checkpointDir()
        .ifPresent(
            directory -> {
              settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
              settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri(directory));
            });
    // It must come back by itself however often it fails: until then the weights grow stale.
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, FIRST_RESTART);
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, LONGEST_RESTART);
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD, STEADY);
    environment.configure(settings);
    environment.setParallelism(config.parallelism());
    environment.setMaxParallelism(EngineWeightsJob.MAX_PARALLELISM);
    environment.setBufferTimeout(BUFFER_MILLIS);
  }

  /** Flink wants a URI; people write paths. */
  static String uri(String directory) {
    return directory.matches("[a-z][a-z0-9+.-]*:.*")
        ? directory
        : new File(directory).getAbsoluteFile().toURI().toString();
  }
}
