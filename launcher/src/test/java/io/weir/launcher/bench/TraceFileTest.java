package io.weir.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("trace"), text);
  }

  @Test
  void readsAzureLinesRelativeToTheFirst() throws IOException {
    Path file =
        file(
            """
            TIMESTAMP,ContextTokens,GeneratedTokens\r
            2023-11-16 18:15:46.6805900,374,44\r
            2023-11-16 18:15:50.9951690,396,109\r
            """);

    assertThat(TraceFile.read(file))
        .containsExactly(
            new Shot(0, 374, 44, List.of()), new Shot(4_314_579_000L, 396, 109, List.of()));
  }

  @Test
  void readsAzureLinesOfTheLaterTraces() throws IOException {
    Path file =
        file(
            """
            2024-05-10 00:00:00.009930+00:00,2162,5
            2024-05-10 00:00:01+00:00,2,6
            """);

    assertThat(TraceFile.read(file))
        .extracting(Shot::offsetNanos)
        .containsExactly(0L, 990_070_000L);
  }

  @Test
  void readsMooncakeLinesWithTheirBlocks() throws IOException {
    Path file =
        file(
            """
            {"timestamp": 3000, "input_length": 1030, "output_length": 490, "hash_ids": [0, 14, 15]}
            {"timestamp": 1000, "input_length": 600, "output_length": 0, "hash_ids": [0, 7]}
            """);

    assertThat(TraceFile.read(file))
        .containsExactly(
            new Shot(0, 600, 1, List.of(0, 7)),
            new Shot(2_000_000_000L, 1030, 490, List.of(0, 14, 15)));
  }

  @Test
  void whatCannotBeReadIsNamedByLine() throws IOException {
    assertThatThrownBy(
            () ->
                TraceFile.read(
                    file(
                        """
                    2023-11-16 18:15:46.68,374,44
                    2023-11-16,x,44
                    """)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("trace:2: neither an Azure line");
    assertThatThrownBy(() -> TraceFile.read(file("{\"timestamp\": 1}\n")))
        .hasMessageContaining("trace:1: neither");
    assertThatThrownBy(() -> TraceFile.read(file("\n"))).hasMessageContaining("no requests");
  }
}
