package io.weir.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.embedded.SchemaStore.Entry;
import io.weir.schemas.BundledSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * Confluent's schema registry API, as far as user interfaces and clients read it. Nothing can be
 * changed: the schemas are those of this build, so that any other is refused.
 */
final class RegistryRoutes implements HttpService {
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final String COMPATIBILITY = "BACKWARD_TRANSITIVE";

  private final ObjectMapper json = new ObjectMapper();
  private final SchemaStore store;

  RegistryRoutes(SchemaStore store) {
    this.store = store;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/", answer(request -> json.createObjectNode()))
        .get("/subjects", answer(this::subjects))
        .post("/subjects/{subject}", answer(this::lookUp))
        .get("/subjects/{subject}/versions", answer(this::versions))
        .post("/subjects/{subject}/versions", answer(this::register))
        .get("/subjects/{subject}/versions/{version}", answer(this::version))
        .get("/subjects/{subject}/versions/{version}/schema", answer(this::versionSchema))
        .get(
            "/subjects/{subject}/versions/{version}/referencedby",
            answer(request -> json.createArrayNode()))
        .get("/schemas/types", answer(request -> json.createArrayNode().add("AVRO")))
        .get("/schemas/ids/{id}", answer(this::byId))
        .get("/schemas/ids/{id}/schema", answer(this::byIdSchema))
        .get("/schemas/ids/{id}/subjects", answer(this::subjectsOfId))
        .get("/schemas/ids/{id}/versions", answer(this::versionsOfId))
        .get("/config", answer(request -> level()))
        .get("/config/{subject}", answer(this::subjectLevel))
        .get("/mode", answer(request -> mode()))
        .get("/mode/{subject}", answer(request -> mode()))
        .post("/compatibility/subjects/{subject}/versions/{version}", answer(this::compatibility))
        .any(answer(this::refuse));
  }

  private JsonNode subjects(ServerRequest request) {
    String prefix = request.query().first("subjectPrefix").orElse("");
    ArrayNode names = json.createArrayNode();
    store.subjects().stream().filter(name -> name.startsWith(prefix)).forEach(names::add);
    return names;
  }

  private JsonNode versions(ServerRequest request) {
    ArrayNode numbers = json.createArrayNode();
    store.versions(subject(request)).forEach(entry -> numbers.add(entry.bundled().version()));
    return numbers;
  }

  private JsonNode version(ServerRequest request) {
    return describe(requested(request));
  }

  private JsonNode versionSchema(ServerRequest request) {
    return tree(requested(request).bundled().text());
  }

  private JsonNode lookUp(ServerRequest request) {
    return store
        .find(subject(request), sentSchema(request))
        .map(this::describe)
        .orElseThrow(() -> new RegistryFault(RegistryFault.SCHEMA_NOT_FOUND, "Schema not found"));
  }

  private JsonNode register(ServerRequest request) {
    String subject = subject(request);
    Schema schema = sentSchema(request);
    Optional<Entry> known =
        store.subjects().contains(subject) ? store.find(subject, schema) : Optional.empty();
    Entry entry =
        known.orElseThrow(
            () ->
                new RegistryFault(
                    RegistryFault.OPERATION_NOT_PERMITTED,
                    "The registry inside Weir holds the schemas of this build alone and cannot take %s under subject '%s'. For schemas of your own, name a registry as kafka.schema.registry.url."
                        .formatted(schema.getFullName(), subject)));
    return json.createObjectNode().put("id", entry.bundled().id());
  }

  private JsonNode byId(ServerRequest request) {
    Entry entry = requestedIds(request).getFirst();
    return json.createObjectNode().put("schemaType", "AVRO").put("schema", compact(entry));
  }

  private JsonNode byIdSchema(ServerRequest request) {
    return tree(requestedIds(request).getFirst().bundled().text());
  }

  private JsonNode subjectsOfId(ServerRequest request) {
    ArrayNode names = json.createArrayNode();
    requestedIds(request).forEach(entry -> names.add(entry.bundled().subject()));
    return names;
  }

  private JsonNode versionsOfId(ServerRequest request) {
    ArrayNode pairs = json.createArrayNode();
    requestedIds(request)
        .forEach(
            entry ->
                pairs
                    .addObject()
                    .put("subject", entry.bundled().subject())
                    .put("version", entry.bundled().version()));
    return pairs;
  }

  private JsonNode level() {
    return json.createObjectNode().put("compatibilityLevel", COMPATIBILITY);
  }

  private JsonNode subjectLevel(ServerRequest request) {
    store.versions(subject(request));
    return level();
  }

  private JsonNode mode() {
    return json.createObjectNode().put("mode", "READONLY");
  }

  private JsonNode compatibility(ServerRequest request) {
    Entry older = requested(request);
    SchemaCompatibilityType type =
        SchemaCompatibility.checkReaderWriterCompatibility(sentSchema(request), older.schema())
            .getType();
    return json.createObjectNode().put("is_compatible", type == SchemaCompatibilityType.COMPATIBLE);
  }

  private JsonNode refuse(ServerRequest request) {
    if (List.of("PUT", "DELETE", "POST").contains(request.prologue().method().text())) {
      throw new RegistryFault(
          RegistryFault.OPERATION_NOT_PERMITTED,
          "The registry inside Weir is read-only: its schemas are those of this build.");
    }
    throw new RegistryFault(
        Status.NOT_FOUND_404.code(), "HTTP 404 Not Found: " + request.path().rawPath());
  }

  private ObjectNode describe(Entry entry) {
    BundledSchema schema = entry.bundled();
    return json.createObjectNode()
        .put("subject", schema.subject())
        .put("version", schema.version())
        .put("id", schema.id())
        .put("schemaType", "AVRO")
        .put("schema", compact(entry));
  }

  private String compact(Entry entry) {
    return tree(entry.bundled().text()).toString();
  }

  private JsonNode tree(String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException bad) {
      throw new RegistryFault(
          RegistryFault.INVALID_SCHEMA, "Not JSON: " + bad.getOriginalMessage());
    }
  }

  private Schema sentSchema(ServerRequest request) {
    JsonNode schema = tree(request.content().as(String.class)).path("schema");
    if (!schema.isTextual()) {
      throw new RegistryFault(
          RegistryFault.INVALID_SCHEMA, "The field 'schema' is missing or not a string.");
    }
    return SchemaStore.parse(schema.asText());
  }

  private Entry requested(ServerRequest request) {
    return store.version(subject(request), request.path().pathParameters().get("version"));
  }

  private List<Entry> requestedIds(ServerRequest request) {
    return store.byId(request.path().pathParameters().get("id"));
  }

  private static String subject(ServerRequest request) {
    return request.path().pathParameters().get("subject");
  }

  private static Handler answer(Function<ServerRequest, JsonNode> function) {
    return (request, response) -> {
      try {
        send(response, 200, function.apply(request));
      } catch (RegistryFault fault) {
        send(response, fault.status(), fault.body());
      }
    };
  }

  private static void send(ServerResponse response, int status, JsonNode body) {
    response
        .status(status)
        .header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE)
        .send(body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
