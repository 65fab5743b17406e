package io.weir.routing.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.weir.schemas.RequestClass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a request's body once, as a stream of tokens: all of it has to be JSON, little of it is
 * looked at, and nothing is kept. Prompt tokens are estimated as a quarter of the bytes of text
 * (messages, prompt, input; token ids count one each), which is right to about a third for English
 * and errs high for text that escapes heavily.
 */
public final class BodyScanner {
  private static final Pattern NOTES =
      Pattern.compile(
          " ?\\((?:for|start marker at) [^()]*\\[Source: [^\\]]*\\]\\)|: enable `[^`]*` to allow");

  private static final int BYTES_PER_TOKEN = 4;

  /** Fields of messages and inputs that hold text; the others hold names, URLs and files. */
  private static final Set<String> TEXT =
      Set.of("content", "text", "arguments", "output", "refusal");

  /** Fields of the body that hold text themselves. */
  private static final Set<String> PROMPT = Set.of("prompt", "input", "instructions");

  private final JsonFactory json;

  /**
   * @param maxBytes largest body
   * @param maxDepth deepest nesting
   */
  public BodyScanner(int maxBytes, int maxDepth) {
    json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxStringLength(maxBytes)
                    .maxNestingDepth(maxDepth)
                    .build())
            // A request's field names are not worth keeping: clients choose them.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // JSON between systems is UTF-8 (RFC 8259, 8.1); nothing else would reach an engine.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
  }

  /**
   * Scans a body.
   *
   * @param body a part of an array
   * @throws BodyException with the place of the mistake
   */
  public ScannedBody scan(ByteBuffer body) throws BodyException {
    try (JsonParser parser =
        json.createParser(body.array(), body.arrayOffset() + body.position(), body.remaining())) {
      return new Scan(parser).run();
    } catch (StreamConstraintsException e) {
      throw malformed("The request body goes beyond a limit", e);
    } catch (JsonProcessingException e) {
      throw malformed("The request body is not valid JSON", e);
    } catch (IOException e) {
      throw BodyException.malformed("The request body is not valid JSON in UTF-8.");
    }
  }

  /** The parser's words, without its notes to programmers on how to see the source. */
  private static String words(JsonProcessingException e) {
    return NOTES.matcher(e.getOriginalMessage()).replaceAll("").strip();
  }

  private static BodyException malformed(String what, JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return BodyException.malformed(what + place + ": " + words(e));
  }

  /** One body's scan. */
  private static final class Scan {
    private final JsonParser parser;
    private final Set<String> seen = new HashSet<>();
    private String model = "";
    private boolean stream;
    private RequestClass requestClass = RequestClass.STANDARD;
    private long textBytes;
    private long tokenIds;
    private long outputLimit = -1;
    private long choices = 1;
    private long promptOffset;
    private long promptBytes;
    private boolean background;
    private Optional<String> engineState = Optional.empty();

    Scan(JsonParser parser) {
      this.parser = parser;
    }

    ScannedBody run() throws IOException, BodyException {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw BodyException.malformed(
            first == null
                ? "The request body is empty; send a JSON object."
                : "The request body must be a JSON object.");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        field(parser.currentName());
      }
      if (parser.nextToken() != null) {
        throw BodyException.malformed("The request body goes on after its JSON object.");
      }
      if (!seen.contains("model")) {
        throw BodyException.invalid(
            "model", "You must name a model: the field 'model' is missing.");
      }
      long prompt = (textBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN + tokenIds;
      long output = outputLimit < 0 ? -1 : outputLimit * choices;
      return new ScannedBody(
          model,
          stream,
          requestClass,
          (int) Math.min(prompt, Integer.MAX_VALUE),
          (int) Math.min(output, Integer.MAX_VALUE),
          (int) promptOffset,
          (int) promptBytes,
          background,
          engineState);
    }

    private void field(String name) throws IOException, BodyException {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "model" -> model = model(once(name), value);
        case "stream" -> stream = truth(once(name), value);
        case "service_tier" -> requestClass = tier(once(name), value);
        case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
            outputLimit = Math.max(outputLimit, count(once(name), value, -1));
        case "n" -> choices = Math.max(1, count(once(name), value, 1));
        case "messages", "prompt", "input" -> prompt(value);
        case "instructions" -> text(value);
        case "background" -> {
          background |= value == JsonToken.VALUE_TRUE;
          parser.skipChildren();
        }
        case "previous_response_id", "conversation" -> {
          if (value != JsonToken.VALUE_NULL) {
            engineState = Optional.of(name);
          }
          parser.skipChildren();
        }
        default -> parser.skipChildren();
      }
    }

    /** Readers differ on which of two equal names counts, so an engine might see another model. */
    private String once(String name) throws BodyException {
      if (!seen.add(name)) {
        throw invalid(name, "The field '" + name + "' is given twice.");
      }
      return name;
    }

    private String model(String name, JsonToken value) throws IOException, BodyException {
      if (value != JsonToken.VALUE_STRING || parser.getText().isBlank()) {
        throw invalid(name, "The field 'model' must be a non-empty string.");
      }
      return parser.getText();
    }

    private static boolean truth(String name, JsonToken value) throws BodyException {
      return switch (value) {
        case VALUE_TRUE -> true;
        case VALUE_FALSE, VALUE_NULL -> false;
        default -> throw invalid(name, "The field '" + name + "' must be true or false.");
      };
    }

    private RequestClass tier(String name, JsonToken value) throws IOException, BodyException {
      String tier =
          switch (value) {
            case VALUE_NULL -> "default";
            case VALUE_STRING -> parser.getText();
            default -> "";
          };
      return switch (tier) {
        case "priority" -> RequestClass.PRIORITY;
        case "default", "auto" -> RequestClass.STANDARD;
        case "flex" -> RequestClass.FLEX;
        case "batch" -> RequestClass.BATCH;
        default ->
            throw invalid(
                name, "The field 'service_tier' must be auto, default, flex, priority or batch.");
      };
    }

    private long count(String name, JsonToken value, long absent)
        throws IOException, BodyException {
      if (value == JsonToken.VALUE_NULL) {
        return absent;
      }
      if (value != JsonToken.VALUE_NUMBER_INT
          || parser.getNumberType() != JsonParser.NumberType.INT
          || parser.getIntValue() < 0) {
        throw invalid(
            name, "The field '" + name + "' must be a whole number from 0 to 2147483647.");
      }
      return parser.getIntValue();
    }

    private void prompt(JsonToken first) throws IOException {
      long start = parser.currentTokenLocation().getByteOffset();
      text(first);
      parser.finishToken();
      if (promptBytes == 0) {
        promptOffset = start;
        promptBytes = parser.currentLocation().getByteOffset() - start;
      }
    }

    private void text(JsonToken first) throws IOException {
      int depth = 0;
      JsonToken token = first;
      while (true) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.VALUE_STRING && isText()) {
          long start = parser.currentLocation().getByteOffset();
          parser.finishToken();
          textBytes += parser.currentLocation().getByteOffset() - start;
        } else if (token == JsonToken.VALUE_NUMBER_INT && parser.currentName() == null) {
          tokenIds++;
        }
        if (depth == 0) {
          return;
        }
        token = parser.nextToken();
      }
    }

    private boolean isText() throws IOException {
      String name = parser.currentName();
      return name == null || PROMPT.contains(name) || TEXT.contains(name);
    }

    private static BodyException invalid(String param, String message) {
      return BodyException.invalid(param, message);
    }
  }
}
