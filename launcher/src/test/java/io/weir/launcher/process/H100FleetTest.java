package io.weir.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** examples/h100-fleet: simulated engines with their real timing. */
class H100FleetTest {
  @TempDir private Path folder;

  @Test
  void comesUpAndAnswersFromBothSources() throws IOException, InterruptedException {
    int base = FreePorts.base();
    try (WeirProcess weir =
        WeirProcess.start(
            folder,
            Map.of(),
            "up",
            "--config",
            Examples.file("h100-fleet/weir.yaml").toString(),
            "--base-port",
            Integer.toString(base))) {
      // When
      weir.awaitSaid("Ready after");

      // Then
      assertThat(Ask.chat(base, "llama-3-8b").statusCode()).isEqualTo(200);
      assertThat(Ask.chat(base + 1, "llama-3-8b").headers().firstValue("x-weir-engine"))
          .hasValueSatisfying(engine -> assertThat(engine).contains("h100"));
      assertThat(weir.terminate().exitCode()).isIn(0, 143);
    }
  }
}
