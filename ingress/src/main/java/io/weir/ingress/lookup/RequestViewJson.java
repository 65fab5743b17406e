package io.weir.ingress.lookup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a controller's JSON of a RequestState: the fields by their names in the schema,
 * enumerations in lower case, times in ISO 8601.
 */
final class RequestViewJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RequestViewJson() {}

  /**
   * Reads it.
   *
   * @throws IOException if it is no such JSON
   */
  static RequestView read(byte[] body) throws IOException {
    try {
      JsonNode state = JSON.readTree(body);
      return new RequestView(
          text(state, "request_id"),
          text(state, "tenant"),
          text(state, "source"),
          text(state, "model"),
          text(state, "request_class"),
          object(state, "request").map(RequestViewJson::accepted),
          !state.path("claims").isEmpty(),
          state.path("attempts").asInt(),
          object(state, "terminal").map(RequestViewJson::terminal));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("A controller's answer is not a request's state", e);
    }
  }

  private static RequestView.Accepted accepted(JsonNode accepted) {
    JsonNode reply = accepted.path("reply");
    return new RequestView.Accepted(
        new ReplyAddress(
            text(reply, "topic"),
            reply.path("partition").asInt(),
            reply.path("end_offset").asLong()),
        text(accepted, "path"),
        accepted.path("stream").asBoolean(),
        Instant.parse(text(accepted, "enqueued_at")),
        Instant.parse(text(accepted, "expires_at")),
        accepted.path("watched").asBoolean(true),
        object(accepted, "pointer").map(RequestViewJson::record));
  }

  private static RecordPointer record(JsonNode pointer) {
    return new RecordPointer(
        text(pointer, "topic"), pointer.path("partition").asInt(), pointer.path("offset").asLong());
  }

  private static RequestView.Terminal terminal(JsonNode terminal) {
    JsonNode first = terminal.path("first_offset");
    return new RequestView.Terminal(
        LifecycleType.valueOf(text(terminal, "type").toUpperCase(Locale.ROOT)),
        Instant.parse(text(terminal, "at")),
        object(terminal, "failure").map(RequestViewJson::failure),
        first.isNumber() ? Optional.of(first.asLong()) : Optional.empty());
  }

  private static Failure failure(JsonNode failure) {
    JsonNode retry = failure.path("retry_after_ms");
    return new Failure(
        text(failure, "reason"),
        text(failure, "message"),
        failure.path("status").asInt(),
        failure.path("retry_safe").asBoolean(),
        failure.path("work_started").asBoolean(),
        retry.isNumber() ? retry.asLong() : null,
        numbers(failure.path("numbers")));
  }

  private static Map<String, Double> numbers(JsonNode numbers) {
    Map<String, Double> byName = new HashMap<>();
    numbers.properties().forEach(each -> byName.put(each.getKey(), each.getValue().asDouble()));
    return Map.copyOf(byName);
  }

  private static Optional<JsonNode> object(JsonNode node, String field) {
    return Optional.of(node.path(field)).filter(JsonNode::isObject);
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("The field " + field + " is missing");
    }
    return value.asText();
  }
}
