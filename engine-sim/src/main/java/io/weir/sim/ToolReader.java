package io.weir.sim;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the function that an answer must call: the one that {@code tool_choice} names, or the first
 * if it says {@code required}.
 */
final class ToolReader {
  private final List<String> tools = new ArrayList<>();
  private Optional<String> named = Optional.empty();
  private boolean required;

  void readTools(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      functionName(json).ifPresent(tools::add);
    }
  }

  void readChoice(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      required = json.getText().equals("required");
    } else {
      named = functionName(json);
    }
  }

  Optional<String> forced() {
    if (required && tools.isEmpty()) {
      throw ApiException.badRequest(
          "tool_choice", "tool_choice is required but there are no tools");
    }
    if (named.isPresent() && !tools.contains(named.get())) {
      throw ApiException.badRequest(
          "tool_choice", "tool_choice names " + named.get() + ", which is not in tools");
    }
    return required ? Optional.of(tools.getFirst()) : named;
  }

  /** The name in {@code {"type":"function","function":{"name":…}}}. */
  private static Optional<String> functionName(JsonParser json) throws IOException {
    Optional<String> name = Optional.empty();
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return name;
    }
    while (json.nextToken() != JsonToken.END_OBJECT) {
      boolean function = json.currentName().equals("function");
      if (json.nextToken() != JsonToken.START_OBJECT || !function) {
        json.skipChildren();
        continue;
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        boolean isName = json.currentName().equals("name");
        if (json.nextToken() == JsonToken.VALUE_STRING && isName) {
          name = Optional.of(json.getText());
        } else {
          json.skipChildren();
        }
      }
    }
    return name;
  }
}
