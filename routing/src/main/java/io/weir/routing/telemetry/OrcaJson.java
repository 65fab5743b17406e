package io.weir.routing.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** ORCA's JSON format: numbers, and objects of numbers. */
final class OrcaJson {
  private static final JsonFactory JSON = new JsonFactory();

  private OrcaJson() {}

  static Map<String, Double> parse(String report) {
    Map<String, Double> values = new HashMap<>();
    try (JsonParser json = JSON.createParser(report)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        object(json, "", values);
      }
    } catch (IOException notJson) {
      // A report that breaks off says nothing that could be relied on.
      return new HashMap<>();
    }
    return values;
  }

  private static void object(JsonParser json, String prefix, Map<String, Double> values)
      throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = prefix + json.currentName();
      JsonToken value = json.nextToken();
      if (value.isNumeric()) {
        values.put(name, json.getDoubleValue());
      } else if (value == JsonToken.START_OBJECT && prefix.isEmpty()) {
        object(json, name + ".", values);
      } else {
        json.skipChildren();
      }
    }
  }
}
