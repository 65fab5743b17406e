package io.weir.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job's jar on a Flink cluster of its own; needs the jar, so it runs after packaging. */
class JobJarIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path directory;

  @Test
  void weightsGoOnAfterATaskManagerWasKilled() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        Fleet fleet = Fleet.start(kafka.settings(), "a", "b");
        FlinkCluster flink =
            FlinkCluster.session(Files.createDirectories(directory.resolve("flink")))) {
      // Given the job, running
      Process first = flink.taskManager("taskmanager-1");
      flink.run(jar(), arguments(kafka.settings()));
      await().atMost(PATIENCE).until(() -> !fleet.tables().isEmpty());
      await().atMost(PATIENCE).until(this::hasCheckpoint);
      long epoch = fleet.newest().getEpoch();
      // When
      first.destroyForcibly().waitFor();
      flink.taskManager("taskmanager-2");
      // Then
      await().atMost(PATIENCE).until(() -> fleet.newest().getEpoch() > epoch);
      assertThat(fleet.newest().getEngines()).hasSize(2);
      assertThat(flink.said("jobmanager")).contains("Restoring job");
    }
  }

  @Test
  void theSameJarRunsInApplicationMode() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        Fleet fleet = Fleet.start(kafka.settings(), "a", "b");
        FlinkCluster flink =
            FlinkCluster.application(
                Files.createDirectories(directory.resolve("flink")),
                jar(),
                arguments(kafka.settings()))) {
      flink.taskManager("taskmanager-1");
      await().atMost(PATIENCE).until(() -> !fleet.tables().isEmpty());
      assertThat(fleet.newest().getEngines()).hasSize(2);
    }
  }

  private String[] arguments(KafkaSettings kafka) {
    return new String[] {
      "--kafka.bootstrap.servers",
      kafka.bootstrapServers(),
      "--kafka.schema.registry.url",
      kafka.properties().get("schema.registry.url"),
      "--weights.sources.eu",
      "here",
      "--weights.checkpoint-interval",
      "500ms",
      "--weights.checkpoint-dir",
      directory.resolve("checkpoints").toString()
    };
  }

  private boolean hasCheckpoint() throws IOException {
    if (!Files.exists(directory.resolve("checkpoints"))) {
      return false;
    }
    try (Stream<Path> files = Files.walk(directory.resolve("checkpoints"))) {
      return files.anyMatch(file -> file.endsWith("_metadata"));
    }
  }

  private static Path jar() throws IOException {
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      return built
          .filter(file -> file.getFileName().toString().endsWith("-job.jar"))
          .findFirst()
          .map(Path::toAbsolutePath)
          .orElseThrow(() -> new AssertionError("the job's jar is made by mvn package"));
    }
  }
}
