package io.weir.dispatcher.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * One event of the Responses API that has been parsed: its type, its response's usage, and the
 * places where the response is to say something else.
 */
record ResponseEvent(Optional<String> type, Optional<UsageBytes> usage, Splices splices) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** A usage object's JSON text. */
  @SuppressWarnings("ArrayRecordComponent") // read once and dropped
  record UsageBytes(byte[] json) {}

  /**
   * Parses an event's data.
   *
   * @param fields what its response is to say
   * @throws IOException if it is not JSON
   */
  static ResponseEvent parse(byte[] bytes, int from, int to, ResponseFields fields)
      throws IOException {
    Optional<String> type = Optional.empty();
    Optional<UsageBytes> usage = Optional.empty();
    Splices splices = new Splices();
    try (JsonParser json = FACTORY.createParser(bytes, from, to - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("an event's data is not an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("type") && value == JsonToken.VALUE_STRING) {
          type = Optional.of(json.getText());
        } else if (name.equals("response") && value == JsonToken.START_OBJECT) {
          usage = response(json, bytes, from, fields, splices);
        } else {
          json.skipChildren();
        }
      }
    }
    return new ResponseEvent(type, usage, splices);
  }

  private static Optional<UsageBytes> response(
      JsonParser json, byte[] bytes, int from, ResponseFields fields, Splices splices)
      throws IOException {
    Optional<UsageBytes> usage = Optional.empty();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      long start = json.currentTokenLocation().getByteOffset();
      json.skipChildren();
      json.finishToken();
      long end = json.currentLocation().getByteOffset();
      if (value.isScalarValue()) {
        fields.of(name).ifPresent(other -> splices.put(start, end, other));
      } else if (name.equals("usage") && value == JsonToken.START_OBJECT) {
        usage =
            Optional.of(
                new UsageBytes(Arrays.copyOfRange(bytes, from + (int) start, from + (int) end)));
      }
    }
    return usage;
  }
}
