package io.weir.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** examples/roles: its script, with every role as a process of its own. */
class RolesTest {
  @TempDir private Path folder;

  @Test
  void everyRoleRunsAlone() throws IOException, InterruptedException {
    int base = FreePorts.base();
    Map<String, String> environment =
        Map.of(
            "WEIR", weir().toString(),
            "LOGS", folder.resolve("logs").toString(),
            "DATA", folder.resolve("data").toString());
    List<String> command =
        List.of(
            "sh", Examples.file("roles/run.sh").toString(), "--base-port", Integer.toString(base));
    try (WeirProcess roles = WeirProcess.run(folder, environment, command)) {
      roles.awaitSaid("All roles are ready.");

      assertThat(Ask.chat(base, "llama-3-8b").statusCode()).isEqualTo(200);
      assertThat(Ask.chat(base + 1, "llama-3-8b").statusCode()).isEqualTo(200);
      assertThat(roles.terminate().exitCode()).isZero();
    }
  }

  /** What stands in for ./weir: the classes under test, without a build. */
  private Path weir() throws IOException {
    String command =
        WeirProcess.command().stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    Path script =
        Files.writeString(folder.resolve("weir"), "#!/bin/sh\nexec " + command + " \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }
}
