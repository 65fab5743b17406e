package io.weir.dispatcher.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.schemas.TokenUsage;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads OpenAI's {@code usage} object. */
final class UsageJson {
  private static final Logger LOG = LoggerFactory.getLogger(UsageJson.class);
  private static final JsonFactory FACTORY = new JsonFactory();

  private int prompt = -1;
  private int completion;
  private Integer cached;

  private UsageJson() {}

  /** What it says; empty if it does not say how long the prompt was. */
  static Optional<TokenUsage> read(byte[] object) {
    UsageJson usage = new UsageJson();
    try (JsonParser parser = FACTORY.createParser(object)) {
      parser.nextToken();
      usage.object(parser);
    } catch (IOException bad) {
      LOG.debug("usage cannot be read: {}", bad.getClass().getSimpleName());
      return Optional.empty();
    }
    return usage.prompt < 0
        ? Optional.empty()
        : Optional.of(new TokenUsage(usage.prompt, usage.completion, usage.cached, false));
  }

  private void object(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_NUMBER_INT) {
        switch (name) {
          case "prompt_tokens", "input_tokens" -> prompt = parser.getIntValue();
          case "completion_tokens", "output_tokens" -> completion = parser.getIntValue();
          case "cached_tokens" -> cached = parser.getIntValue();
          default -> {
            // Sums and details that follow from the others.
          }
        }
      } else if (value == JsonToken.START_OBJECT
          && (name.equals("prompt_tokens_details") || name.equals("input_tokens_details"))) {
        object(parser);
      } else {
        parser.skipChildren();
      }
    }
  }
}
