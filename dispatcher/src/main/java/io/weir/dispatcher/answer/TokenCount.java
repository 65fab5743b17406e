package io.weir.dispatcher.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** What vLLM's {@code /tokenize} says of a text's length. */
public final class TokenCount {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final int status;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  /** An answer of which only the status is known. */
  public TokenCount(int status) {
    this.status = status;
  }

  /** The question. */
  public static byte[] request(String model, String text) {
    return "{\"model\":\"%s\",\"prompt\":\"%s\",\"add_special_tokens\":false}"
        .formatted(ContinuedBody.quoted(model), ContinuedBody.quoted(text))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Takes a piece of the answer's body. */
  public void accept(byte[] bytes, int offset, int count) {
    body.write(bytes, offset, count);
  }

  /** How many tokens the text has; empty if the engine does not say. */
  public OptionalInt tokens() throws IOException {
    if (status != 200) {
      return OptionalInt.empty();
    }
    try (JsonParser json = FACTORY.createParser(body.toByteArray())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return OptionalInt.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean count = json.currentName().equals("count");
        if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && count) {
          return OptionalInt.of(json.getIntValue());
        }
        json.skipChildren();
      }
    }
    return OptionalInt.empty();
  }
}
