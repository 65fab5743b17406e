package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.schemas.AvroDeserializer;
import io.weir.schemas.AvroSerializer;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RequestClass;
import io.weir.schemas.SchemaRegistration;
import io.weir.schemas.SchemaRegistryClient;
import io.weir.schemas.SchemaRegistryException;
import io.weir.schemas.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A registry that others run stands in the embedded one's place. */
class ApicurioRegistryTest {
  private static ApicurioServer server;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> home = ApicurioServer.fetch(Path.of("target").toAbsolutePath());
    assumeTrue(
        home.isPresent(),
        "The Apicurio Registry server could not be fetched through Maven; see target/apicurio-fetch.log");
    server = ApicurioServer.start(home.get());
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void allSchemasRegisterAndTheirRecordsComeBack() {
    // Given
    KafkaSettings settings = KafkaSettings.of("127.0.0.1:1", server.url());
    // When
    Map<String, Integer> ids = SchemaRegistration.registerAll(settings);
    // Then
    try (SchemaRegistryClient registry = SchemaRegistryClient.of(settings.properties());
        AvroSerializer<SpecificRecord> serializer = new AvroSerializer<>();
        AvroDeserializer<SpecificRecord> deserializer = new AvroDeserializer<>()) {
      assertThat(registry.subjects()).containsExactlyInAnyOrderElementsOf(ids.keySet());
      serializer.configure(settings.properties(), false);
      deserializer.configure(settings.properties(), false);
      Map<String, SpecificRecord> records =
          Map.of(
              Topics.requests("us-east", "llama", RequestClass.STANDARD),
              Records.request("01A", new byte[1000]),
              Topics.responses("us-east"),
              Records.chunk("01A", new byte[10]),
              Topics.lifecycle(),
              Records.event("01A"));
      records.forEach(
          (topic, record) ->
              assertThat(deserializer.deserialize(topic, serializer.serialize(topic, record)))
                  .isEqualTo(record));
      // And registering again gives the same ids
      assertThat(registry.register("weir.lifecycle-value", LifecycleEvent.SCHEMA$))
          .isEqualTo(ids.get("weir.lifecycle-value"));
      assertThat(registry.lookUp("weir.lifecycle-value", LifecycleEvent.SCHEMA$))
          .isEqualTo(ids.get("weir.lifecycle-value"));
    }
  }

  @Test
  void itsErrorsAreToldInItsOwnWords() {
    Map<String, String> config =
        new HashMap<>(
            Map.of("schema.registry.url", server.url(), "auto.register.schemas", "false"));
    try (SchemaRegistryClient registry = SchemaRegistryClient.of(config)) {
      assertThatThrownBy(() -> registry.id("nobody-value", LifecycleEvent.SCHEMA$))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("nobody-value")
          .hasMessageContaining(server.url())
          .hasMessageContaining("HTTP 404");
      assertThatThrownBy(() -> registry.schema(987_654))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("987654")
          .hasMessageContaining("HTTP 404");
    }
  }
}
