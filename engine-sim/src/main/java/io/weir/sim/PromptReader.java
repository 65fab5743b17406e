package io.weir.sim;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.routing.engine.PromptDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Digests prompts as they are parsed. A chat's prompt is the text of its messages joined with
 * newlines: contents that are strings, and of contents in parts the texts and the URLs of images. A
 * prompt given as token ids is the ids joined with spaces.
 */
final class PromptReader {
  private static final int MAX_INPUTS = 2048;

  private final int blockSize;
  private final List<PromptDigest> prompts = new ArrayList<>(1);
  private boolean started;

  PromptReader(int blockSize) {
    this.blockSize = blockSize;
  }

  void read(Endpoint endpoint, JsonParser json) throws IOException {
    prompts.clear();
    if (endpoint == Endpoint.CHAT) {
      messages(json);
    } else {
      inputs(endpoint, json);
    }
  }

  List<PromptDigest> finish(Endpoint endpoint) {
    if (prompts.isEmpty()) {
      throw ApiException.badRequest(
          endpoint.input(), endpoint.input() + " is missing or has nothing in it");
    }
    if (endpoint != Endpoint.EMBEDDINGS && prompts.size() > 1) {
      throw ApiException.badRequest(
          endpoint.input(), "this engine takes one prompt a request, not " + prompts.size());
    }
    return prompts;
  }

  private void messages(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "messages", "must be an array");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json.currentToken() == JsonToken.START_OBJECT, "messages", "must hold objects");
      if (prompts.isEmpty()) {
        begin();
      }
      message(json);
    }
  }

  private void message(JsonParser json) throws IOException {
    while (json.nextToken() != JsonToken.END_OBJECT) {
      boolean content = json.currentName().equals("content");
      json.nextToken();
      if (!content) {
        json.skipChildren();
      } else if (json.currentToken() == JsonToken.VALUE_STRING) {
        part(json);
      } else if (json.currentToken() == JsonToken.START_ARRAY) {
        parts(json);
      } else {
        require(
            json.currentToken() == JsonToken.VALUE_NULL,
            "messages",
            "must have content that is a string, an array of parts or null");
      }
    }
  }

  private void parts(JsonParser json) throws IOException {
    int depth = 1;
    while (depth > 0) {
      switch (json.nextToken()) {
        case START_OBJECT, START_ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        case VALUE_STRING -> {
          String name = json.currentName();
          if ("text".equals(name) || "url".equals(name)) {
            part(json);
          }
        }
        default -> {}
      }
    }
  }

  private void inputs(Endpoint endpoint, JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case VALUE_STRING -> {
        begin();
        part(json);
      }
      case START_ARRAY -> {
        json.nextToken();
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          tokenIds(endpoint, json);
        } else {
          several(endpoint, json);
        }
      }
      default ->
          throw ApiException.badRequest(
              endpoint.input(), endpoint.input() + " must be a string or an array");
    }
  }

  private void several(Endpoint endpoint, JsonParser json) throws IOException {
    for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
      require(prompts.size() < MAX_INPUTS, endpoint.input(), "has more than 2048 entries");
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        begin();
        part(json);
      } else {
        require(
            json.currentToken() == JsonToken.START_ARRAY,
            endpoint.input(),
            "must hold strings, token ids or arrays of token ids");
        json.nextToken();
        tokenIds(endpoint, json);
      }
    }
  }

  private void tokenIds(Endpoint endpoint, JsonParser json) throws IOException {
    begin();
    for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
      require(
          json.currentToken() == JsonToken.VALUE_NUMBER_INT,
          endpoint.input(),
          "must hold only token ids once it holds one");
      prompts.getLast().append(json.getText()).append(' ');
    }
  }

  private void begin() {
    prompts.add(new PromptDigest(blockSize));
    started = false;
  }

  private void part(JsonParser json) throws IOException {
    PromptDigest prompt = prompts.getLast();
    if (started) {
      prompt.append('\n');
    }
    started = true;
    prompt.append(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  private static void require(boolean holds, String field, String otherwise) {
    if (!holds) {
      throw ApiException.badRequest(field, field + " " + otherwise);
    }
  }
}
