package io.weir.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobArgumentsTest {
  private static final String[] KAFKA = {
    "--kafka.bootstrap.servers", "k:1", "--kafka.schema.registry.url", "http://r:2"
  };

  @TempDir Path directory;

  private static String[] with(String... more) {
    String[] all = Arrays.copyOf(KAFKA, KAFKA.length + more.length);
    System.arraycopy(more, 0, all, KAFKA.length, more.length);
    return all;
  }

  @Test
  void kafkaAloneIsEnough() throws Exception {
    // When
    JobArguments arguments = JobArguments.parse(KAFKA);
    // Then
    assertThat(arguments.kafka().bootstrapServers()).isEqualTo("k:1");
    assertThat(arguments.job()).isEqualTo(Configs.defaults(WeightsJobConfig.class));
  }

  @Test
  void keysReachAnyDepth() throws Exception {
    // When
    WeightsJobConfig job =
        JobArguments.parse(
                with(
                    "--weights.parallelism", "4",
                    "--weights.plan.interval", "1s",
                    "--weights.plan.demand.half-life", "20s",
                    "--weights.sources.eu", "europe-west4"))
            .job();
    // Then
    assertThat(job.parallelism()).isEqualTo(4);
    assertThat(job.plan().interval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(job.plan().demand().halfLife()).isEqualTo(Duration.ofSeconds(20));
    assertThat(job.sources()).isEqualTo(Map.of("eu", "europe-west4"));
  }

  @Test
  void theCommandLineWinsOverTheFile() throws Exception {
    // Given
    Path file = directory.resolve("job.properties");
    Files.writeString(file, "weights.parallelism=2\nweights.replay=10s\n");
    // When
    WeightsJobConfig job =
        JobArguments.parse(with("--config", file.toString(), "--weights.parallelism", "3")).job();
    // Then
    assertThat(job.parallelism()).isEqualTo(3);
    assertThat(job.replay()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> JobArguments.parse(with("--weights.plan.intervall", "1s")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("intervall");
    assertThatThrownBy(() -> JobArguments.parse(with("--interval", "1s")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("interval");
    assertThatThrownBy(() -> JobArguments.parse(with("--weights.parallelism")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("weights.parallelism");
    assertThatThrownBy(() -> JobArguments.parse(with("--weights.parallelism", "500")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("128");
  }
}
