package io.weir.ingress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import io.weir.routing.config.Default;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a new batch is to be.
 *
 * @param inputFile id of its file
 * @param endpoint path of all its requests
 * @param window how long it may take, as the client wrote it
 * @param time the same
 * @param metadata what its client wants to find again
 */
record BatchTerms(
    String inputFile, String endpoint, String window, Duration time, Map<String, String> metadata) {
  private static final Logger LOG = LoggerFactory.getLogger(BatchTerms.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_METADATA = 16;
  private static final int LONGEST_KEY = 64;
  private static final int LONGEST_VALUE = 512;

  /** Reads durations as the configuration has them. */
  record Window(@Default("24h") Duration value) {}

  /**
   * Reads a request's body.
   *
   * @throws RefusedException with 400 and the field that is wrong
   */
  static BatchTerms of(ByteBuffer body) throws RefusedException {
    JsonNode json = parse(body);
    String endpoint = text(json, "endpoint");
    if (!Endpoint.BY_PATH.containsKey(endpoint)) {
      throw invalid(
          "endpoint",
          "The endpoint must be one of "
              + String.join(", ", Endpoint.BY_PATH.keySet().stream().sorted().toList())
              + ".");
    }
    String window = text(json, "completion_window");
    return new BatchTerms(
        text(json, "input_file_id"), endpoint, window, time(window), metadata(json));
  }

  private static JsonNode parse(ByteBuffer body) throws RefusedException {
    try {
      JsonNode json =
          JSON.readTree(body.array(), body.arrayOffset() + body.position(), body.remaining());
      if (json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      LOG.trace("bad batch", e);
    }
    throw new RefusedException(
        ApiError.invalid(400, "invalid_json", "The request body must be a JSON object."));
  }

  private static String text(JsonNode json, String field) throws RefusedException {
    JsonNode value = json.path(field);
    if (!value.isTextual() || value.asText().isBlank()) {
      throw invalid(field, "The field '" + field + "' must be a non-empty string.");
    }
    return value.asText();
  }

  private static Duration time(String window) throws RefusedException {
    try {
      Duration time = Configs.with(Window.class, Map.of("value", window.strip())).value();
      if (time.isPositive() && time.compareTo(RequestExpiry.LONGEST) <= 0) {
        return time;
      }
    } catch (ConfigException e) {
      LOG.trace("bad window", e);
    }
    throw invalid("completion_window", "The completion_window must be a duration of at most 24h.");
  }

  private static Map<String, String> metadata(JsonNode json) throws RefusedException {
    Map<String, String> metadata = new HashMap<>();
    JsonNode given = json.path("metadata");
    if (given.isMissingNode() || given.isNull()) {
      return metadata;
    }
    for (Map.Entry<String, JsonNode> each : given.properties()) {
      String value = each.getValue().asText();
      if (!each.getValue().isTextual()
          || each.getKey().length() > LONGEST_KEY
          || value.length() > LONGEST_VALUE) {
        throw badMetadata();
      }
      metadata.put(each.getKey(), value);
    }
    if (!given.isObject() || metadata.size() > MOST_METADATA) {
      throw badMetadata();
    }
    return metadata;
  }

  private static RefusedException badMetadata() {
    return invalid(
        "metadata",
        "The metadata must be an object of at most 16 strings of up to 512 characters, with keys of up to 64.");
  }

  private static RefusedException invalid(String param, String message) {
    return new RefusedException(ApiError.invalid(param, message));
  }
}
