package io.weir.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.sim.EngineServer;
import io.weir.sim.EngineServerConfig;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** examples/two-servers, with simulated engines for the two servers; started and stopped twice. */
class TwoServersTest {
  @TempDir private Path folder;

  private static EngineServer server() {
    return EngineServer.start(
        Configs.with(EngineServerConfig.class, Map.of("model", "llama-3-8b", "timing", "instant")));
  }

  @Test
  void sharesTwoToOneAndKeepsItsDataOverARestart() throws IOException, InterruptedException {
    int base = FreePorts.base();
    try (EngineServer big = server();
        EngineServer small = server()) {
      Map<String, String> environment =
          Map.of("BIG_SERVER", big.uri().toString(), "SMALL_SERVER", small.uri().toString());
      String[] up = {
        "up",
        "--config",
        Examples.file("two-servers/weir.yaml").toString(),
        "--base-port",
        Integer.toString(base)
      };
      String firstAnswer;
      try (WeirProcess weir = WeirProcess.start(folder, environment, up)) {
        weir.awaitSaid("Ready after");

        // When thirty requests are answered
        Map<String, Integer> shares = new TreeMap<>();
        firstAnswer = Ask.chat(base, "llama-3-8b").body();
        for (int i = 1; i <= 30; i++) {
          HttpResponse<String> response = Ask.chat(base, "llama-3-8b");
          assertThat(response.statusCode()).isEqualTo(200);
          shares.merge(
              response.headers().firstValue("x-weir-engine").orElse("none"), 1, Integer::sum);
        }

        // Then the shares are the weights, and an interrupt ends it quietly
        assertThat(shares).isEqualTo(Map.of("big", 20, "small", 10));
        assertThat(weir.interrupt().exitCode()).isIn(0, 130, 143);
        assertThat(weir.output()).contains("Stopped in").doesNotContain("Exception");
      }

      // When it comes up again on the same folder
      try (WeirProcess weir = WeirProcess.start(folder, environment, up)) {
        weir.awaitSaid("Ready after");

        // Then what was written before is still there, and it answers as before
        assertThat(LifecycleTopic.records("127.0.0.1:" + (base + 1012))).isGreaterThan(60);
        assertThat(Ask.chat(base, "llama-3-8b").statusCode()).isEqualTo(200);
        assertThat(firstAnswer).contains("\"usage\"");
        assertThat(weir.terminate().exitCode()).isIn(0, 143);
      }
    }
  }

  @Test
  void aUsedPortIsNamedWithWhatToDo() throws IOException, InterruptedException {
    int base = FreePorts.base();
    try (java.net.ServerSocket user =
            new java.net.ServerSocket(base, 1, java.net.InetAddress.getLoopbackAddress());
        WeirProcess weir =
            WeirProcess.start(folder, Map.of(), "up", "--base-port", Integer.toString(base))) {
      assertThat(weir.exitCode()).isEqualTo(1);
      assertThat(weir.output())
          .contains("Port " + user.getLocalPort() + " for the ingress of us-east cannot be used")
          .contains("--base-port")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void aBadConfigurationIsOneSentenceAndExitsWithTwo() throws IOException, InterruptedException {
    Path file = java.nio.file.Files.writeString(folder.resolve("bad.yaml"), "sorces: []\n");
    try (WeirProcess weir =
        WeirProcess.start(folder, Map.of(), "up", "--config", file.toString())) {
      assertThat(weir.exitCode()).isEqualTo(2);
      assertThat(weir.output())
          .startsWith("weir: " + file + ":1: sorces: unknown key; known here: kafka, sources")
          .hasLineCount(1);
    }
  }
}
