package io.weir.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaRegistryClientTest {
  private static final Schema SCHEMA =
      SchemaBuilder.record("Sample").namespace("a").fields().requiredString("x").endRecord();

  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void asksOnceForEachAnswer() {
    try (SchemaRegistryClient client = client(Map.of())) {
      // When
      int id = client.id("sample-value", SCHEMA);
      // Then
      assertThat(client.id("sample-value", SCHEMA)).isEqualTo(id);
      assertThat(client.schema(id)).isEqualTo(SCHEMA);
      assertThat(client.schema(id)).isEqualTo(SCHEMA);
      assertThat(registry.calls())
          .containsExactly("POST /subjects/sample-value/versions", "GET /schemas/ids/" + id);
      assertThat(client.subjects()).containsExactly("one", "two");
    }
  }

  @Test
  void withoutAutoRegistrationItOnlyLooksUp() {
    try (SchemaRegistryClient client = client(Map.of("auto.register.schemas", "false"))) {
      // When, then
      assertThatThrownBy(() -> client.id("sample-value", SCHEMA))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("look up the schema of a.Sample as subject sample-value")
          .hasMessageContaining(registry.url())
          .hasMessageContaining("40401");
      int id = registry.add("sample-value", SCHEMA);
      assertThat(client.id("sample-value", SCHEMA)).isEqualTo(id);
      assertThat(registry.calls()).allMatch(call -> call.equals("POST /subjects/sample-value"));
    }
  }

  @Test
  void anotherUrlIsTriedWhenOneIsAway() throws IOException {
    // Given
    String away;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      away = "http://127.0.0.1:" + socket.getLocalPort();
    }
    try (SchemaRegistryClient client =
        SchemaRegistryClient.of(
            Map.of("schema.registry.url", away + "/, " + registry.url() + "/"))) {
      // When, then
      assertThat(client.register("sample-value", SCHEMA)).isPositive();
    }
  }

  @Test
  void aServerErrorIsTriedAgainAndThenTold() {
    try (SchemaRegistryClient client = client(Map.of())) {
      registry.fail(1);
      assertThat(client.register("sample-value", SCHEMA)).isPositive();
      registry.fail(2);
      assertThatThrownBy(() -> client.register("sample-value", SCHEMA))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("sample-value")
          .hasMessageContaining(registry.url())
          .hasMessageContaining("HTTP 503")
          .hasMessageContaining("Service Unavailable");
    }
  }

  @Test
  void aRegistryThatNeverAnswersIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();
      try (SchemaRegistryClient client =
          SchemaRegistryClient.of(
              Map.of("schema.registry.url", url, "http.read.timeout.ms", "50"))) {
        assertThatThrownBy(() -> client.register("sample-value", SCHEMA))
            .isInstanceOf(SchemaRegistryException.class)
            .hasMessageContaining(url)
            .hasMessageContaining("timed out");
      }
    }
  }

  @Test
  void credentialsAreSentAndNeverShown() {
    Map<String, Map<String, String>> ways =
        Map.of(
            basic("ann:s3cret"),
            Map.of(
                "basic.auth.credentials.source", "USER_INFO",
                "basic.auth.user.info", "ann:s3cret"),
            basic("bob:s3cret"),
            Map.of("schema.registry.url", registry.url().replace("//", "//bob:s3cret@")),
            "Bearer s3cret",
            Map.of(
                "bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "s3cret"));
    ways.forEach(
        (expected, config) -> {
          try (SchemaRegistryClient client = client(config)) {
            client.subjects();
            assertThat(registry.authorizations().getLast()).isEqualTo(expected);
            assertThat(client.urls()).isEqualTo(registry.url());
            assertThat(RegistryConfig.of(all(config)).toString()).doesNotContain("s3cret");
          }
        });
  }

  @Test
  void aBadUrlIsAConfigurationError() {
    for (String url : new String[] {"", "localhost:8085", "ftp://x", "http://", "http://a b"}) {
      assertThatThrownBy(() -> SchemaRegistryClient.of(Map.of("schema.registry.url", url)))
          .as(url)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("schema.registry.url");
    }
    assertThatThrownBy(() -> client(Map.of("http.read.timeout.ms", "soon")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.read.timeout.ms");
  }

  @Test
  void anHttpsTrustStoreIsRead() {
    assertThatThrownBy(() -> client(Map.of("schema.registry.ssl.truststore.location", "/none")))
        .hasMessageContaining("/none");
  }

  private static String basic(String user) {
    return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  private SchemaRegistryClient client(Map<String, String> more) {
    return SchemaRegistryClient.of(all(more));
  }

  private Map<String, String> all(Map<String, String> more) {
    Map<String, String> config = new HashMap<>(Map.of("schema.registry.url", registry.url()));
    config.putAll(more);
    return config;
  }
}
