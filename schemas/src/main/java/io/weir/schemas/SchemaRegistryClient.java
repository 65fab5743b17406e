package io.weir.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/**
 * A schema registry, over Confluent's REST protocol; Apicurio ({@code /apis/ccompat/v7}), Karapace
 * and Redpanda speak it too. Answers are cached for the whole process. Safe for any number of
 * threads.
 */
public final class SchemaRegistryClient implements AutoCloseable {
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;

  private final ObjectMapper json = new ObjectMapper();
  private final RegistryConfig config;
  private final String urls;
  // Guarded by this; most clients never need it, since answers are cached.
  private RegistryHttp http;
  private boolean closed;

  private SchemaRegistryClient(RegistryConfig config) {
    this.config = config;
    this.urls = String.join(",", config.urls());
  }

  /**
   * A client by the keys that Confluent's take: {@code schema.registry.url} (several with commas),
   * {@code auto.register.schemas} (default true; false only looks up), {@code
   * basic.auth.credentials.source=USER_INFO} with {@code basic.auth.user.info}, {@code
   * bearer.auth.credentials.source} with {@code bearer.auth.token}, {@code schema.registry.ssl.*},
   * {@code http.connect.timeout.ms} (2000) and {@code http.read.timeout.ms} (5000).
   *
   * @throws org.apache.kafka.common.config.ConfigException if the URL is missing or malformed
   */
  public static SchemaRegistryClient of(Map<String, ?> config) {
    return new SchemaRegistryClient(RegistryConfig.of(config));
  }

  /** The URLs, with commas, as they stand in messages. */
  public String urls() {
    return urls;
  }

  /**
   * The id of a schema under a subject, registered if need be and allowed.
   *
   * @throws SchemaRegistryException if the registry cannot be reached or refuses
   */
  public int id(String subject, Schema schema) {
    return RegistryFacts.id(urls, subject, schema)
        .orElseGet(
            () -> config.autoRegister() ? register(subject, schema) : lookUp(subject, schema));
  }

  /**
   * Registers a schema; one that is there already keeps its id.
   *
   * @throws SchemaRegistryException if the registry cannot be reached or refuses
   */
  public int register(String subject, Schema schema) {
    return post("/subjects/" + encode(subject) + "/versions", "register", subject, schema);
  }

  /**
   * The id of a schema that is already registered.
   *
   * @throws SchemaRegistryException if it is not, or the registry cannot be reached
   */
  public int lookUp(String subject, Schema schema) {
    return post("/subjects/" + encode(subject), "look up", subject, schema);
  }

  /**
   * The schema with an id.
   *
   * @throws SchemaRegistryException if there is none, or the registry cannot be reached
   */
  public Schema schema(int id) {
    return RegistryFacts.schema(urls, id).orElseGet(() -> fetch(id));
  }

  /**
   * All subjects.
   *
   * @throws SchemaRegistryException if the registry cannot be reached or refuses
   */
  public List<String> subjects() {
    String purpose = "list the subjects";
    JsonNode body = expect(http().get("/subjects", purpose), "/subjects", purpose);
    List<String> subjects = new ArrayList<>();
    body.forEach(subject -> subjects.add(subject.asText()));
    return List.copyOf(subjects);
  }

  private int post(String path, String verb, String subject, Schema schema) {
    String purpose =
        "%s the schema of %s as subject %s".formatted(verb, schema.getFullName(), subject);
    ObjectNode request = json.createObjectNode();
    request.put("schema", PortableSchema.of(schema).toString());
    JsonNode id = expect(http().post(path, request, purpose), path, purpose).path("id");
    if (!id.isInt()) {
      throw new SchemaRegistryException(
          "Cannot %s: %s%s gave no id.".formatted(purpose, urls, path));
    }
    RegistryFacts.learnId(urls, subject, schema, id.asInt());
    return id.asInt();
  }

  private Schema fetch(int id) {
    String path = "/schemas/ids/" + id;
    String purpose = "fetch schema id " + id;
    JsonNode answer = expect(http().get(path, purpose), path, purpose);
    try {
      Schema schema = new Schema.Parser().parse(answer.path("schema").asText());
      RegistryFacts.learnSchema(urls, id, schema);
      return schema;
    } catch (SchemaParseException bad) {
      throw new UnknownSchemaException(
          "Schema id %d of %s is not an Avro schema: %s".formatted(id, urls, bad.getMessage()),
          bad);
    }
  }

  private static JsonNode expect(RegistryHttp.Answer answer, String path, String purpose) {
    if (answer.isOk()) {
      return answer.body();
    }
    String advice =
        answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN
            ? " Check basic.auth.user.info and what that user may do."
            : "";
    String problem =
        "Cannot %s: %s%s answered %s.%s"
            .formatted(purpose, answer.url(), path, answer.complaint(), advice);
    throw answer.status() == NOT_FOUND
        ? new UnknownSchemaException(problem)
        : new SchemaRegistryException(problem);
  }

  private static String encode(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private synchronized RegistryHttp http() {
    if (closed) {
      throw new SchemaRegistryException("The client of " + urls + " is closed.");
    }
    if (http == null) {
      http = new RegistryHttp(config);
    }
    return http;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (http != null) {
      http.close();
    }
  }
}
