package io.weir.sim;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads a request body in one pass, keeping only what an {@link Ask} holds. */
final class AskParser {
  private static final int MAX_DEPTH = 256;

  private final JsonFactory factory;
  private final int blockSize;

  /**
   * A parser for bodies of any length the server lets in.
   *
   * @param blockSize tokens in a block of the engine's KV cache
   */
  AskParser(int blockSize) {
    this.blockSize = blockSize;
    this.factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();
  }

  /**
   * Reads a body.
   *
   * @throws ApiException 400, naming the field and, for bad JSON, the place
   */
  Ask parse(Endpoint endpoint, InputStream body) throws IOException {
    try (JsonParser json = factory.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw ApiException.badRequest("", "the body must be a JSON object");
      }
      Draft draft = new Draft(endpoint, blockSize);
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String field = json.currentName();
        json.nextToken();
        draft.field(field, json);
      }
      return draft.finish();
    } catch (JsonParseException e) {
      throw ApiException.badRequest(
          "",
          "We could not parse the JSON body of your request: line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": "
              + e.getOriginalMessage());
    } catch (CharConversionException e) {
      throw ApiException.badRequest("", "the body is not UTF-8: " + e.getMessage());
    } catch (StreamConstraintsException e) {
      throw ApiException.badRequest("", e.getOriginalMessage());
    }
  }

  /** The fields read so far. */
  private static final class Draft {
    private final Endpoint endpoint;
    private final int blockSize;
    private final PromptReader prompts;
    private final ResponseInput response = new ResponseInput();
    private Optional<String> model = Optional.empty();
    private OptionalInt maxTokens = OptionalInt.empty();
    private OptionalInt maxCompletionTokens = OptionalInt.empty();
    private OptionalInt dimensions = OptionalInt.empty();
    private boolean stream;
    private boolean includeUsage;
    private boolean base64;
    private boolean continues;
    private final ToolReader tools = new ToolReader();

    private Draft(Endpoint endpoint, int blockSize) {
      this.endpoint = endpoint;
      this.blockSize = blockSize;
      this.prompts = new PromptReader(blockSize);
    }

    private void field(String name, JsonParser json) throws IOException {
      if (endpoint == Endpoint.RESPONSES && responseField(name, json)) {
        return;
      }
      if (name.equals(endpoint.input())) {
        prompts.read(endpoint, json);
        return;
      }
      switch (name) {
        case "model" -> model = Optional.of(text(name, json));
        case "max_tokens" -> maxTokens = count(name, json);
        case "max_completion_tokens" -> maxCompletionTokens = count(name, json);
        case "dimensions" -> dimensions = count(name, json);
        case "stream" -> stream = truth(name, json);
        case "stream_options" -> streamOptions(json);
        case "encoding_format" -> base64 = encoding(text(name, json));
        case "n" -> one(name, json);
        case "continue_final_message" -> continues = truth(name, json);
        case "tools" -> tools.readTools(json);
        case "tool_choice" -> tools.readChoice(json);
        default -> json.skipChildren();
      }
    }

    /** Fields that other requests do not have; false for all others. */
    private boolean responseField(String name, JsonParser json) throws IOException {
      switch (name) {
        case "input" -> response.input(json);
        case "instructions" -> response.instructions(json);
        case "max_output_tokens" -> maxTokens = count(name, json);
        case "background" -> {
          if (truth(name, json)) {
            throw ApiException.badRequest(name, "this engine keeps no responses to come back for");
          }
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    private Ask finish() {
      if (model.isEmpty() || model.get().isBlank()) {
        throw ApiException.badRequest("model", "you must provide a model parameter");
      }
      return new Ask(
          model.get(),
          endpoint == Endpoint.RESPONSES
              ? List.of(response.finish(blockSize))
              : prompts.finish(endpoint, continues),
          prompts.continued(),
          maxCompletionTokens.isPresent() ? maxCompletionTokens : maxTokens,
          stream,
          includeUsage,
          endpoint == Endpoint.CHAT ? tools.forced() : Optional.empty(),
          base64,
          dimensions);
    }

    private void streamOptions(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        return;
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("include_usage")) {
          includeUsage = truth("stream_options.include_usage", json);
        } else {
          json.skipChildren();
        }
      }
    }

    private static String text(String name, JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw ApiException.badRequest(name, name + " must be a string");
      }
      return json.getText();
    }

    private static boolean truth(String name, JsonParser json) {
      return switch (json.currentToken()) {
        case VALUE_TRUE -> true;
        case VALUE_FALSE, VALUE_NULL -> false;
        default -> throw ApiException.badRequest(name, name + " must be true or false");
      };
    }

    private static OptionalInt count(String name, JsonParser json) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NULL) {
        return OptionalInt.empty();
      }
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
          || json.getNumberType() != JsonParser.NumberType.INT
          || json.getIntValue() < 1) {
        throw ApiException.badRequest(
            name, name + " must be a whole number of at least 1, got " + json.getText());
      }
      return OptionalInt.of(json.getIntValue());
    }

    private static void one(String name, JsonParser json) throws IOException {
      OptionalInt count = count(name, json);
      if (count.orElse(1) != 1) {
        throw ApiException.badRequest(name, "this engine gives one choice a request; n must be 1");
      }
    }

    private static boolean encoding(String format) {
      return switch (format) {
        case "base64" -> true;
        case "float" -> false;
        default ->
            throw ApiException.badRequest(
                "encoding_format", "encoding_format must be float or base64, got " + format);
      };
    }
  }
}
