package io.weir.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** infra/compose.yaml looks for the broker and the registry where the built-in system has them. */
class ComposeFileTest {
  @Test
  void kafkaUiFindsTheBuiltInBrokerAndRegistry() throws IOException {
    // Given
    EmbeddedConfig embedded = ConfigFile.builtIn().embedded();
    // When
    String service = service("kafka-ui");
    // Then
    assertThat(service)
        .contains(
            "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=host.docker.internal:${WEIR_KAFKA_PORT:-"
                + embedded.containerPort()
                + "}")
        .contains(
            "KAFKA_CLUSTERS_0_SCHEMAREGISTRY=http://host.docker.internal:${WEIR_REGISTRY_PORT:-"
                + embedded.registryPort()
                + "}")
        .contains("host.docker.internal:host-gateway");
  }

  private static String service(String name) throws IOException {
    Object root =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(Path.of("..", "infra", "compose.yaml")));
    Object services = ((Map<?, ?>) root).get("services");
    return String.valueOf(((Map<?, ?>) services).get(name));
  }
}
