package io.weir.flink;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.routing.plan.PlanPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the weights job runs.
 *
 * @param plan how weights are planned
 * @param sources the region of every source cluster by its name
 * @param parallelism tasks of each operator; pools are spread over them
 * @param slot length of the slots of event time in which demand is counted
 * @param lateness how much earlier than the newest record of its partition another may be stamped
 * @param replay how much of the lifecycle a job without a checkpoint reads to know the demand
 * @param checkpointInterval time between checkpoints
 * @param checkpointDir where checkpoints are kept, a path or a URI that Flink knows; without one
 *     they are kept in memory, or where the cluster's own configuration says
 */
public record WeightsJobConfig(
    PlanPolicy plan,
    Map<String, String> sources,
    @Default("1") int parallelism,
    @Default("500ms") Duration slot,
    @Default("250ms") Duration lateness,
    @Default("60s") Duration replay,
    @Default("10s") Duration checkpointInterval,
    Optional<String> checkpointDir) {
  public WeightsJobConfig {
    sources = Map.copyOf(sources);
    if (parallelism < 1 || parallelism > EngineWeightsJob.MAX_PARALLELISM) {
      throw new ConfigException(
          "parallelism",
          "must be from 1 to %d, is %d".formatted(EngineWeightsJob.MAX_PARALLELISM, parallelism));
    }
    atLeast("slot", slot, Duration.ofMillis(250));
    atLeast("lateness", lateness, Duration.ZERO);
    atLeast("replay", replay, Duration.ZERO);
    atLeast("checkpoint-interval", checkpointInterval, Duration.ofMillis(100));
  }

  private static void atLeast(String key, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new ConfigException(
          key, "must be at least %dms, is %dms".formatted(least.toMillis(), value.toMillis()));
    }
  }
}
