package io.weir.sim;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.sim.Fault.Garbage.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Faults as the admin API writes them: {@code {"kind":"status","status":503,"retry_after":2,
 * "count":10,"probability":0.5}}.
 */
final class FaultJson {
  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  /** Fields every fault may have, beside its own. */
  private static final Set<String> COMMON = Set.of("kind", "count", "probability");

  private static final Map<String, Set<String>> OWN =
      Map.of(
          "refuse", Set.of(),
          "status", Set.of("status", "retry_after"),
          "hang", Set.of(),
          "die", Set.of("after_tokens"),
          "garbage", Set.of("layer"),
          "slow", Set.of("factor"),
          "unhealthy", Set.of());

  private FaultJson() {}

  /**
   * Puts the fault a body describes in force.
   *
   * @return its id
   */
  static int add(Faults faults, InputStream body) throws IOException {
    Map<String, String> fields = fields(body);
    String kind = fields.getOrDefault("kind", "");
    if (!OWN.containsKey(kind)) {
      throw ApiException.badRequest(
          "kind",
          "kind must be one of refuse, status, hang, die, garbage, slow, unhealthy, is '"
              + kind
              + "'");
    }
    for (String field : fields.keySet()) {
      if (!COMMON.contains(field) && !OWN.get(kind).contains(field)) {
        throw ApiException.badRequest(field, "a fault of kind " + kind + " has no " + field);
      }
    }
    try {
      Fault fault = fault(kind, fields);
      int count = (int) number(fields, "count", Faults.UNLIMITED);
      return faults.add(fault, count, number(fields, "probability", 1));
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("", e.getMessage());
    }
  }

  static byte[] list(List<Faults.Armed> faults) {
    JsonBuffer json = new JsonBuffer(256).raw("{\"faults\":[");
    String separator = "";
    for (Faults.Armed one : faults) {
      json.raw(separator).raw("{\"id\":").number(one.id());
      json.raw(",\"kind\":").quoted(one.fault().kind());
      json.raw(",\"probability\":").raw(Double.toString(one.probability()));
      int remaining = one.remaining().get();
      json.raw(",\"remaining\":");
      json.raw(remaining == Faults.UNLIMITED ? "null" : Integer.toString(remaining)).raw("}");
      separator = ",";
    }
    return json.raw("]}").toBytes();
  }

  private static Fault fault(String kind, Map<String, String> fields) {
    return switch (kind) {
      case "refuse" -> new Fault.Refuse();
      case "status" ->
          new Fault.Status(
              (int) number(fields, "status", 503), (long) number(fields, "retry_after", -1));
      case "hang" -> new Fault.Hang();
      case "die" -> new Fault.Die((int) number(fields, "after_tokens", 0));
      case "garbage" -> new Fault.Garbage(layer(fields.getOrDefault("layer", "json")));
      case "slow" -> new Fault.Slow(number(fields, "factor", 2));
      default -> new Fault.Unhealthy();
    };
  }

  private static Layer layer(String name) {
    return switch (name) {
      case "http" -> Layer.HTTP;
      case "json" -> Layer.JSON;
      case "sse" -> Layer.SSE;
      default ->
          throw new IllegalArgumentException("layer must be http, json or sse, is '" + name + "'");
    };
  }

  private static double number(Map<String, String> fields, String name, double otherwise) {
    String text = fields.get(name);
    try {
      return text == null ? otherwise : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a number, is '" + text + "'", e);
    }
  }

  private static Map<String, String> fields(InputStream body) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = FACTORY.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw ApiException.badRequest("", "a fault is a JSON object");
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        if (!json.nextToken().isScalarValue()) {
          throw ApiException.badRequest(name, name + " must be a single value");
        }
        fields.put(name, json.getText());
      }
      return fields;
    } catch (JsonParseException e) {
      throw ApiException.badRequest("", "not JSON: " + e.getOriginalMessage());
    }
  }
}
