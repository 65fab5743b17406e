package io.weir.launcher.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reads what ingresses say. */
final class Replies {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Replies() {}

  /** The body as JSON; missing if it is none. */
  static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException notJson) {
      return JSON.missingNode();
    }
  }

  /** The stable word of an error. */
  static String reason(JsonNode body) {
    JsonNode error = body.path("error");
    for (JsonNode word :
        new JsonNode[] {
          error.path("weir").path("reason"), error.path("code"), error.path("type")
        }) {
      if (word.isTextual() && !word.textValue().isBlank()) {
        return word.textValue();
      }
    }
    return "no reason";
  }
}
