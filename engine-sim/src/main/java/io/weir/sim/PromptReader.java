package io.weir.sim;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.routing.engine.PromptDigest;
import java.io.IOException;
import java.io.InputStream;
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

  /** The text of a chat's last message so far: it may turn out to be the answer's beginning. */
  private final StringBuilder message = new StringBuilder();

  private boolean messageStarted;
  private int continued;

  PromptReader(int blockSize) {
    this.blockSize = blockSize;
  }

  /** The {@code prompt} of a JSON object, which has to be a string. */
  static String text(InputStream body) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(body)) {
      require(json.nextToken() == JsonToken.START_OBJECT, "prompt", "is missing: send an object");
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean prompt = json.currentName().equals("prompt");
        json.nextToken();
        if (prompt) {
          require(json.currentToken() == JsonToken.VALUE_STRING, "prompt", "must be a string");
          return json.getText();
        }
        json.skipChildren();
      }
    } catch (JsonParseException bad) {
      throw ApiException.badRequest("", "the body is not JSON: " + bad.getOriginalMessage());
    }
    throw ApiException.badRequest("prompt", "is missing");
  }

  void read(Endpoint endpoint, JsonParser json) throws IOException {
    prompts.clear();
    if (endpoint == Endpoint.CHAT) {
      messages(json);
    } else {
      inputs(endpoint, json);
    }
  }

  /**
   * All that was read.
   *
   * @param continues true if a chat's last message is the beginning of the answer
   */
  List<PromptDigest> finish(Endpoint endpoint, boolean continues) {
    if (endpoint == Endpoint.CHAT && !prompts.isEmpty()) {
      continued = continues ? Prefix.tokens(prompts.getFirst(), message) : 0;
      if (continued == 0) {
        endMessage();
      }
    }
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

  /** Tokens of the answer that the prompt ended with. */
  int continued() {
    return continued;
  }

  private void messages(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "messages", "must be an array");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json.currentToken() == JsonToken.START_OBJECT, "messages", "must hold objects");
      if (prompts.isEmpty()) {
        begin();
      }
      endMessage();
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
        messagePart(json);
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
            messagePart(json);
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
        if (endpoint == Endpoint.COMPLETIONS) {
          completion(json.getText());
        } else {
          part(json);
        }
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

  private void completion(String text) {
    int begin = Prefix.begin(text, blockSize);
    prompts.getLast().append(text.substring(0, begin));
    continued = Prefix.tokens(prompts.getLast(), text.substring(begin));
  }

  private void messagePart(JsonParser json) throws IOException {
    if (messageStarted) {
      message.append('\n');
    }
    messageStarted = true;
    message.append(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  private void endMessage() {
    if (messageStarted) {
      if (started) {
        prompts.getLast().append('\n');
      }
      started = true;
      prompts.getLast().append(message);
    }
    message.setLength(0);
    messageStarted = false;
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
