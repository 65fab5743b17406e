package io.weir.routing.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.weir.routing.body.BodyException;
import io.weir.routing.body.BodyScanner;
import io.weir.routing.body.ScannedBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads lines of OpenAI's batch files: {@code {"custom_id","method","url","body"}}. */
public final class LineParser {
  /** Longest custom id, in characters. */
  static final int LONGEST_ID = 512;

  private static final String RESPONSES = "/v1/responses";

  private final JsonFactory json;
  private final BodyScanner scanner;
  private final String endpoint;

  /**
   * @param endpoint path that all lines must name
   * @param longest line in bytes
   * @param maxDepth deepest nesting
   */
  public LineParser(String endpoint, int longest, int maxDepth) {
    this.endpoint = endpoint;
    this.scanner = new BodyScanner(longest, maxDepth);
    this.json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxStringLength(longest)
                    .maxNestingDepth(maxDepth)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();
  }

  /** What was found so far. */
  private static final class Fields {
    private Optional<String> customId = Optional.empty();
    private Optional<String> method = Optional.empty();
    private Optional<String> url = Optional.empty();
    private Optional<ByteBuffer> body = Optional.empty();
  }

  /**
   * Reads one line.
   *
   * @param line a part of an array
   * @throws LineException if it is not what it must be
   */
  public BatchLine parse(ByteBuffer line) throws LineException {
    Fields fields = fields(line);
    String customId = required("custom_id", fields.customId);
    if (customId.isEmpty() || customId.length() > LONGEST_ID) {
      throw new LineException(
          "invalid_custom_id",
          "custom_id",
          "The custom_id must have 1 to " + LONGEST_ID + " characters.");
    }
    if (!required("method", fields.method).equals("POST")) {
      throw new LineException("invalid_method", "method", "The method must be POST.");
    }
    if (!required("url", fields.url).equals(endpoint)) {
      throw new LineException(
          "invalid_url", "url", "The url must be the batch's endpoint, " + endpoint + ".");
    }
    ByteBuffer body = required("body", fields.body);
    ScannedBody scanned = scan(body);
    if (scanned.stream()) {
      throw new LineException(
          "invalid_value", "body.stream", "Answers of a batch cannot be streamed.");
    }
    if (endpoint.equals(RESPONSES)) {
      requireWhole(scanned);
    }
    return new BatchLine(customId, body, scanned);
  }

  /** The custom id of a line that was found good before. */
  public String customId(ByteBuffer line) throws LineException {
    return required("custom_id", fields(line).customId);
  }

  /** A line's answer is its result, and any engine may run it. */
  private static void requireWhole(ScannedBody scanned) throws LineException {
    if (scanned.background()) {
      throw new LineException(
          "invalid_value", "body.background", "A line of a batch cannot be run in the background.");
    }
    if (scanned.engineState().isPresent()) {
      String field = scanned.engineState().get();
      throw new LineException(
          "unsupported_parameter",
          "body." + field,
          "The field '" + field + "' names what only one engine remembers; send the whole input.");
    }
  }

  private ScannedBody scan(ByteBuffer body) throws LineException {
    try {
      return scanner.scan(body);
    } catch (BodyException wrong) {
      if (wrong.param().isPresent()) {
        throw new LineException("invalid_value", "body." + wrong.param().get(), wrong.getMessage());
      }
      throw new LineException("invalid_body", "body", wrong.getMessage());
    }
  }

  private Fields fields(ByteBuffer line) throws LineException {
    int start = line.arrayOffset() + line.position();
    try (JsonParser parser = json.createParser(line.array(), start, line.remaining())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw notJson("it must be an object");
      }
      Fields fields = new Fields();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        field(parser, line, fields);
      }
      if (parser.nextToken() != null) {
        throw notJson("it goes on after its object");
      }
      return fields;
    } catch (JsonProcessingException e) {
      throw notJson("see column " + e.getLocation().getColumnNr());
    } catch (IOException e) {
      throw notJson("it is not UTF-8");
    }
  }

  private static void field(JsonParser parser, ByteBuffer line, Fields fields)
      throws IOException, LineException {
    String name = parser.currentName();
    JsonToken value = parser.nextToken();
    switch (name) {
      case "custom_id" -> fields.customId = once(name, fields.customId, text(parser, name, value));
      case "method" -> fields.method = once(name, fields.method, text(parser, name, value));
      case "url" -> fields.url = once(name, fields.url, text(parser, name, value));
      case "body" -> {
        if (value != JsonToken.START_OBJECT) {
          throw new LineException("invalid_body", "body", "The body must be a JSON object.");
        }
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int to = (int) parser.currentLocation().getByteOffset();
        fields.body = once(name, fields.body, line.slice(line.position() + from, to - from));
      }
      default -> parser.skipChildren();
    }
  }

  private static <T> Optional<T> once(String name, Optional<T> before, T value)
      throws LineException {
    if (before.isPresent()) {
      throw new LineException("invalid_request", name, "The field '" + name + "' is given twice.");
    }
    return Optional.of(value);
  }

  private static String text(JsonParser parser, String name, JsonToken value)
      throws IOException, LineException {
    if (value != JsonToken.VALUE_STRING) {
      throw new LineException(
          name.equals("custom_id") ? "invalid_custom_id" : "invalid_" + name,
          name,
          "The field '" + name + "' must be a string.");
    }
    return parser.getText();
  }

  private static <T> T required(String name, Optional<T> value) throws LineException {
    if (value.isEmpty()) {
      throw new LineException(
          "missing_required_parameter", name, "The field '" + name + "' is missing.");
    }
    return value.get();
  }

  private static LineException notJson(String why) {
    return new LineException(
        "invalid_json_line", "This line is not one JSON object in UTF-8: " + why + ".");
  }
}
