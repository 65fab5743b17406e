package io.weir.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;

/** A schema without what concerns only Java's generated classes. */
public final class PortableSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JAVA_STRING = "avro.java.string";

  private PortableSchema() {}

  /** The schema as a registry and other languages should see it. */
  public static Schema of(Schema schema) {
    return new Schema.Parser().parse(json(schema).toString());
  }

  static String pretty(Schema schema) {
    return json(schema).toPrettyString() + "\n";
  }

  private static JsonNode json(Schema schema) {
    try {
      return strip(JSON.readTree(schema.toString()));
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static JsonNode strip(JsonNode node) {
    if (node instanceof ObjectNode object && object.has(JAVA_STRING)) {
      object.remove(JAVA_STRING);
      if (object.size() == 1) {
        return object.get("type");
      }
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(entry -> entry.setValue(strip(entry.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, strip(array.get(i)));
      }
    }
    return node;
  }
}
