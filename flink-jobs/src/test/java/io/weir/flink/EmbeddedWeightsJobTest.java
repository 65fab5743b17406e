package io.weir.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.embedded.EmbeddedKafka;
import io.weir.routing.config.Configs;
import io.weir.schemas.RoutingWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedWeightsJobTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path directory;

  private static EmbeddedKafka kafka;

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @Test
  void tablesFollowTheFleetAndGoOnAfterTheJobWasKilled() throws Exception {
    WeightsJobConfig config =
        Configs.with(
            WeightsJobConfig.class,
            Map.of(
                "checkpoint-dir",
                directory.resolve("flink").toString(),
                "checkpoint-interval",
                "500ms"));
    // Given engines and demand
    try (Fleet fleet = Fleet.start(kafka.settings(), "a", "b");
        EmbeddedWeightsJob job = EmbeddedWeightsJob.start(kafka.settings(), config)) {
      // Then
      assertThat(job.state()).isEqualTo(EmbeddedWeightsJob.State.RUNNING);
      await().atMost(PATIENCE).until(() -> !fleet.tables().isEmpty());
      RoutingWeights first = fleet.newest();
      assertThat(first.getSource()).isEqualTo("eu");
      // When an engine dies
      fleet.kill("b");
      // Then it gets nothing
      await().atMost(PATIENCE).until(() -> Fleet.weight(fleet.newest(), "b") == 0);
      assertThat(Fleet.weight(fleet.newest(), "a")).isPositive();
      // When the job is killed
      job.kill();
      assertThat(job.state()).isEqualTo(EmbeddedWeightsJob.State.STOPPED);
      long before = fleet.newest().getEpoch();
      // And started again
      job.start();
      // Then it goes on in a later epoch with what it knew
      await().atMost(PATIENCE).until(() -> fleet.newest().getEpoch() > before);
      assertThat(Fleet.weight(fleet.newest(), "b")).isZero();
    }
  }

  @Test
  void stateThatCannotBeReadDoesNotKeepTheJobFromStarting() throws Exception {
    // Given a checkpoint that is none
    Path checkpoints = directory.resolve("broken");
    Path broken = Files.createDirectories(checkpoints.resolve("run/chk-7")).resolve("_metadata");
    Files.writeString(broken, "garbage");
    WeightsJobConfig config =
        Configs.with(WeightsJobConfig.class, Map.of("checkpoint-dir", checkpoints.toString()));
    try (Fleet fleet = Fleet.start(kafka.settings(), "a");
        // When
        EmbeddedWeightsJob job = EmbeddedWeightsJob.start(kafka.settings(), config)) {
      // Then
      await().atMost(PATIENCE).until(() -> job.state() == EmbeddedWeightsJob.State.RUNNING);
      await().atMost(PATIENCE).until(() -> !fleet.tables().isEmpty());
      assertThat(broken).doesNotExist();
    }
  }
}
