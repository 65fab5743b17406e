package io.weir.ingress;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.routing.fleet.Fleet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The models a fleet serves and their aliases, as OpenAI lists them. */
final class Models {
  private static final JsonFactory JSON = new JsonFactory();

  private final Instant since;
  private final Map<String, byte[]> byId = new TreeMap<>();

  /**
   * @param since when they came to be known
   */
  Models(Fleet fleet, Instant since) {
    Set<String> names = new TreeSet<>(fleet.poolByModel().keySet());
    names.addAll(fleet.aliasByModel().keySet());
    names.forEach(id -> byId.put(id, write(json -> model(json, id, since))));
    this.since = since;
  }

  /** Those that may be asked for. */
  byte[] list(Predicate<String> allowed) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeStringField("object", "list");
          json.writeArrayFieldStart("data");
          for (String id : byId.keySet()) {
            if (allowed.test(id)) {
              model(json, id, since);
            }
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** One of them. */
  Optional<byte[]> get(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  static ApiError unknown(String model) {
    return ApiError.invalid(
            404,
            "model_not_found",
            "The model '" + model + "' does not exist; GET /v1/models lists those that do.")
        .withParam("model");
  }

  private static void model(JsonGenerator json, String id, Instant since) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("object", "model");
    json.writeNumberField("created", since.getEpochSecond());
    json.writeStringField("owned_by", "weir");
    json.writeEndObject();
  }

  private interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] write(Content content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      content.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }
}
