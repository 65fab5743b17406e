package io.weir.dispatcher.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Makes of a request the one that goes on with a text: a chat gets the text as its last message,
 * with vLLM's {@code continue_final_message}; a completion gets it at the end of its prompt. Limits
 * are lowered by what is there already.
 */
public final class ContinuedBody {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final String text;
  private final int tokens;
  private final Splices splices = new Splices();
  private boolean able = true;
  private boolean placed;

  private ContinuedBody(String text, int tokens) {
    this.text = text;
    this.tokens = tokens;
  }

  /**
   * The body that goes on with a text.
   *
   * @param body the original request's, from an array
   * @param tokens that the text has
   * @return empty if a request like this cannot be gone on with: for several choices, with a
   *     grammar that would begin anew, or with no token left to be written
   */
  public static Optional<ByteBuffer> of(ByteBuffer body, String text, int tokens) {
    if (text.isEmpty()) {
      return Optional.of(body);
    }
    ContinuedBody continued = new ContinuedBody(text, tokens);
    int offset = body.arrayOffset() + body.position();
    try (JsonParser json = FACTORY.createParser(body.array(), offset, body.remaining())) {
      continued.read(json);
    } catch (IOException notJson) {
      return Optional.empty();
    }
    return continued.able && continued.placed
        ? Optional.of(
            ByteBuffer.wrap(continued.splices.apply(body.array(), offset, body.remaining())))
        : Optional.empty();
  }

  private void read(JsonParser json) throws IOException {
    able = json.nextToken() == JsonToken.START_OBJECT;
    boolean chat = false;
    while (able && json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "messages" -> {
          chat = true;
          message(json);
        }
        case "prompt" -> prompt(json);
        case "max_tokens", "max_completion_tokens" -> limit(json);
        case "n", "best_of" -> able = value == JsonToken.VALUE_NULL || is(json, 1);
        case "echo", "logprobs", "continue_final_message", "use_beam_search" ->
            able = value == JsonToken.VALUE_NULL || value == JsonToken.VALUE_FALSE;
        case "response_format" -> able = value == JsonToken.VALUE_NULL || isText(json);
        case "add_generation_prompt", "structured_outputs", "suffix" ->
            able = value == JsonToken.VALUE_NULL;
        default -> {
          able = !name.startsWith("guided_") || value == JsonToken.VALUE_NULL;
          json.skipChildren();
        }
      }
    }
    if (able && chat) {
      long end = json.currentTokenLocation().getByteOffset();
      splices.put(end, end, ",\"continue_final_message\":true,\"add_generation_prompt\":false");
    }
  }

  private void message(JsonParser json) throws IOException {
    able = json.currentToken() == JsonToken.START_ARRAY;
    if (able) {
      json.skipChildren();
      long end = json.currentTokenLocation().getByteOffset();
      splices.put(end, end, ",{\"role\":\"assistant\",\"content\":\"" + quoted() + "\"}");
      placed = true;
    }
  }

  private void prompt(JsonParser json) throws IOException {
    able = json.currentToken() == JsonToken.VALUE_STRING;
    if (able) {
      json.finishToken();
      long quote = json.currentLocation().getByteOffset() - 1;
      splices.put(quote, quote, quoted());
      placed = true;
    }
  }

  private void limit(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    able = json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getIntValue() > tokens;
    if (able) {
      splices.put(
          json.currentTokenLocation().getByteOffset(),
          json.currentLocation().getByteOffset(),
          Integer.toString(json.getIntValue() - tokens));
    }
  }

  private static boolean is(JsonParser json, int expected) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getIntValue() == expected;
  }

  private static boolean isText(JsonParser json) throws IOException {
    boolean text = false;
    if (json.currentToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean type = json.currentName().equals("type");
        json.nextToken();
        text |=
            type && json.currentToken() == JsonToken.VALUE_STRING && json.getText().equals("text");
        json.skipChildren();
      }
    }
    return text;
  }

  private String quoted() {
    return quoted(text);
  }

  /** A text as it stands between the quotes of JSON. */
  static String quoted(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }
}
