package io.weir.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.BrokerProcess;
import io.weir.embedded.EmbeddedBrokerConfig;
import io.weir.routing.config.Configs;
import io.weir.sim.EngineServer;
import io.weir.sim.EngineServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** examples/own-kafka, over a broker in a process of its own that asks for a password. */
class OwnKafkaTest {
  @TempDir private Path folder;

  @Test
  void answersOverAKafkaThatAsksForCredentials() throws IOException, InterruptedException {
    int base = FreePorts.base();
    try (BrokerProcess broker =
            BrokerProcess.start(
                EmbeddedBrokerConfig.in(folder.resolve("kafka"))
                    .withUsers(Map.of("weir", "secret")));
        EngineServer server =
            EngineServer.start(
                Configs.with(
                    EngineServerConfig.class,
                    Map.of("model", "llama-3-8b", "timing", "instant")))) {
      Map<String, String> environment =
          new HashMap<>(
              Map.of(
                  "KAFKA_BOOTSTRAP", broker.bootstrapServers(),
                  "KAFKA_PROTOCOL", "SASL_PLAINTEXT",
                  "KAFKA_USER", "weir",
                  "KAFKA_PASSWORD", "secret",
                  "SERVER", server.uri().toString()));
      String[] up = {
        "up",
        "--config",
        Examples.file("own-kafka/weir.yaml").toString(),
        "--base-port",
        Integer.toString(base)
      };
      try (WeirProcess weir = WeirProcess.start(folder, environment, up)) {
        weir.awaitSaid("Ready after");

        assertThat(Ask.chat(base, "llama-3-8b").statusCode()).isEqualTo(200);
        assertThat(weir.output()).doesNotContain("data in");
        assertThat(weir.terminate().exitCode()).isIn(0, 143);
      }
    }
  }

  @Test
  void anUnsetVariableIsNamed() throws IOException, InterruptedException {
    Path file = Examples.file("own-kafka/weir.yaml");
    try (WeirProcess weir =
        WeirProcess.start(folder, Map.of(), "up", "--config", file.toString())) {
      assertThat(weir.exitCode()).isEqualTo(2);
      assertThat(weir.output())
          .contains(":3: kafka.bootstrap.servers: environment variable KAFKA_BOOTSTRAP is not set");
    }
  }
}
