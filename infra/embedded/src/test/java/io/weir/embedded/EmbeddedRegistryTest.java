package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.schemas.BundledSchemas;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.SchemaRegistration;
import io.weir.schemas.SchemaRegistryClient;
import io.weir.schemas.SchemaRegistryException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The calls that kafbat Kafka UI and Confluent's clients make, and their answers. */
class EmbeddedRegistryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SUBJECT = "weir.lifecycle-value";

  private static EmbeddedRegistry registry;

  @BeforeAll
  static void start() {
    registry = EmbeddedRegistry.start(0);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void listsWhatThereIs() throws Exception {
    assertThat(get("/subjects?deleted=false").toString())
        .isEqualTo(
            "[\"io.weir.schemas.Cancellation\",\"io.weir.schemas.InferenceRequest\","
                + "\"io.weir.schemas.Requeue\",\"io.weir.schemas.ResponseChunk\","
                + "\"weir-requests-callbacks-changelog-value\","
                + "\"weir-requests-spending-changelog-value\","
                + "\"weir-requests-states-changelog-value\","
                + "\"weir.batch-items-value\",\"weir.batches-value\",\"weir.dead-letters-value\",\"weir.engines-value\","
                + "\"weir.file-infos-value\",\"weir.files-value\",\"weir.geography-value\",\"weir.idempotency-value\","
                + "\"weir.lifecycle-value\",\"weir.members-value\",\"weir.telemetry-value\","
                + "\"weir.tenant-keys-value\",\"weir.tenant-spend-value\",\"weir.tenants-value\","
                + "\"weir.weights-history-value\",\"weir.weights-value\"]");
    assertThat(get("/subjects?subjectPrefix=weir.l")).hasSize(1);
    assertThat(get("/subjects/" + SUBJECT + "/versions").toString()).isEqualTo("[1,2]");
    assertThat(get("/schemas/types").toString()).isEqualTo("[\"AVRO\"]");
    assertThat(get("/config").path("compatibilityLevel").asText()).isNotEmpty();
    assertThat(get("/config/" + SUBJECT + "?defaultToGlobal=true")).isEqualTo(get("/config"));
    assertThat(get("/mode").path("mode").asText()).isEqualTo("READONLY");
  }

  @Test
  void givesASchemaByVersionAndById() throws Exception {
    // When
    JsonNode latest = get("/subjects/" + SUBJECT + "/versions/latest?deleted=false");
    // Then
    assertThat(latest).isEqualTo(get("/subjects/" + SUBJECT + "/versions/2"));
    assertThat(latest.path("subject").asText()).isEqualTo(SUBJECT);
    assertThat(latest.path("schemaType").asText()).isEqualTo("AVRO");
    int id = latest.path("id").asInt();
    assertThat(get("/schemas/ids/" + id + "?fetchMaxId=false&subject=" + SUBJECT).path("schema"))
        .isEqualTo(latest.path("schema"));
    assertThat(get("/schemas/ids/" + id + "/versions").toString())
        .isEqualTo("[{\"subject\":\"weir.lifecycle-value\",\"version\":2}]");
    assertThat(new Schema.Parser().parse(latest.path("schema").asText()).getFullName())
        .isEqualTo(LifecycleEvent.SCHEMA$.getFullName());
    assertThat(get("/subjects/" + SUBJECT + "/versions/2/schema"))
        .isEqualTo(JSON.readTree(latest.path("schema").asText()));
  }

  @Test
  void refusesAsConfluentDoes() throws Exception {
    assertThat(refusal("GET", "/subjects/nobody/versions", "")).isEqualTo("404 40401");
    assertThat(refusal("GET", "/config/nobody?defaultToGlobal=true", "")).isEqualTo("404 40401");
    assertThat(refusal("GET", "/subjects/" + SUBJECT + "/versions/99", "")).isEqualTo("404 40402");
    assertThat(refusal("GET", "/subjects/" + SUBJECT + "/versions/x", "")).isEqualTo("422 42202");
    assertThat(refusal("GET", "/schemas/ids/999", "")).isEqualTo("404 40403");
    assertThat(refusal("GET", "/exporters", "")).isEqualTo("404 404");
    assertThat(refusal("DELETE", "/subjects/" + SUBJECT, "")).isEqualTo("422 42205");
    assertThat(refusal("PUT", "/config", "{\"compatibility\":\"NONE\"}")).isEqualTo("422 42205");
    assertThat(refusal("POST", "/subjects/" + SUBJECT, "{\"schema\":\"{\"}"))
        .isEqualTo("422 42201");
    assertThat(refusal("POST", "/subjects/" + SUBJECT, "nonsense")).isEqualTo("422 42201");
  }

  @Test
  void anEqualSchemaIsFoundHoweverItIsWritten() throws Exception {
    // Given the generated schema, which has documentation and Java's annotations
    String body =
        JSON.createObjectNode().put("schema", LifecycleEvent.SCHEMA$.toString()).toString();
    // When
    JsonNode registered =
        JSON.readTree(send("POST", "/subjects/" + SUBJECT + "/versions", body).body());
    JsonNode found = JSON.readTree(send("POST", "/subjects/" + SUBJECT, body).body());
    // Then
    assertThat(registered.path("id")).isEqualTo(found.path("id"));
    assertThat(found.path("version").asInt()).isEqualTo(2);
  }

  @Test
  void checksCompatibility() throws Exception {
    // Given
    Schema other = SchemaBuilder.record("Other").fields().requiredString("x").endRecord();
    String path = "/compatibility/subjects/" + SUBJECT + "/versions/latest?verbose=true";
    // When, then
    assertThat(post(path, LifecycleEvent.SCHEMA$).path("is_compatible").asBoolean()).isTrue();
    assertThat(post(path, other).path("is_compatible").asBoolean()).isFalse();
  }

  @Test
  void allSchemasRegisterUnderTheirFixedIds() {
    // Given
    KafkaSettings settings = KafkaSettings.of("localhost:1", registry.url());
    // When
    Map<String, Integer> ids = SchemaRegistration.registerAll(settings);
    // Then
    Map<String, Integer> newest = new HashMap<>();
    BundledSchemas.all().forEach(schema -> newest.merge(schema.subject(), schema.id(), Math::max));
    assertThat(ids).isEqualTo(newest);
  }

  @Test
  void anUnknownSchemaIsRefusedWithSubjectAndUrl() {
    // Given
    Schema own = SchemaBuilder.record("Own").namespace("a").fields().endRecord();
    try (SchemaRegistryClient client =
        SchemaRegistryClient.of(Map.of("schema.registry.url", registry.url()))) {
      // When, then
      assertThatThrownBy(() -> client.register("own-value", own))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("own-value")
          .hasMessageContaining(registry.url())
          .hasMessageContaining("42205")
          .hasMessageContaining("a.Own");
    }
  }

  @Test
  void aPortInUseIsToldAsSuch() {
    int port = URI.create(registry.url()).getPort();
    assertThatThrownBy(() -> EmbeddedRegistry.start(port))
        .isInstanceOf(EmbeddedBrokerException.class)
        .hasMessageContaining("cannot listen on port " + port);
  }

  private static JsonNode get(String path) throws Exception {
    HttpResponse<String> response = send("GET", path, "");
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/vnd.schemaregistry.v1+json");
    return JSON.readTree(response.body());
  }

  private static JsonNode post(String path, Schema schema) throws Exception {
    String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
    HttpResponse<String> response = send("POST", path, body);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static String refusal(String method, String path, String body) throws Exception {
    HttpResponse<String> response = send(method, path, body);
    JsonNode answer = JSON.readTree(response.body());
    assertThat(answer.path("message").asText()).isNotEmpty();
    return response.statusCode() + " " + answer.path("error_code").asInt();
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(registry.url() + path))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
