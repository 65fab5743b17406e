package io.weir.sim;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.routing.engine.PromptDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the prompt of OpenAI's Responses API: its instructions, wherever they stand in the body,
 * and after them the texts of its input, joined with newlines. So a response is the same text as
 * the answer to a chat that begins with the instructions.
 */
final class ResponseInput {
  /** Fields of items that hold what a model reads. */
  private static final Set<String> TEXT =
      Set.of("content", "text", "image_url", "arguments", "output");

  private final List<String> instructions = new ArrayList<>(1);
  private final List<String> texts = new ArrayList<>();

  void instructions(JsonParser json) throws IOException {
    instructions.clear();
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      instructions.add(json.getText());
    } else if (json.currentToken() != JsonToken.VALUE_NULL) {
      throw ApiException.badRequest("instructions", "instructions must be a string");
    }
  }

  void input(JsonParser json) throws IOException {
    texts.clear();
    switch (json.currentToken()) {
      case VALUE_STRING -> texts.add(json.getText());
      case START_ARRAY -> items(json);
      default -> throw ApiException.badRequest("input", "input must be a string or an array");
    }
  }

  private void items(JsonParser json) throws IOException {
    int depth = 1;
    while (depth > 0) {
      switch (json.nextToken()) {
        case START_OBJECT, START_ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        case VALUE_STRING -> {
          if (depth == 1) {
            throw ApiException.badRequest("input", "input must hold objects");
          }
          String name = json.currentName();
          if (name != null && TEXT.contains(name)) {
            texts.add(json.getText());
          }
        }
        default -> {
          // Names and numbers are no text.
        }
      }
    }
  }

  /** All that was read. */
  PromptDigest finish(int blockSize) {
    if (texts.isEmpty()) {
      throw ApiException.badRequest("input", "input is missing or has nothing in it");
    }
    PromptDigest prompt = new PromptDigest(blockSize);
    instructions.forEach(text -> prompt.append(text).append('\n'));
    prompt.append(String.join("\n", texts));
    return prompt;
  }
}
