package io.weir.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.launcher.cli.Durations;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./weir chaos --quick}: one fault per role over 2,000 requests. */
class ChaosQuickTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void nothingAcceptedIsLostAndNothingIsAnsweredWrong() {
    // Given
    StringWriter report = new StringWriter();
    CommandLine chaos =
        new CommandLine(new ChaosCommand())
            .registerConverter(Duration.class, new Durations())
            .setOut(new PrintWriter(report))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    // When
    int code = chaos.execute("--quick", "--rate", "12", "--calm", "3s", "--dir", folder.toString());
    // Then
    System.out.print(report);
    assertThat(code).as(report.toString()).isZero();
  }
}
