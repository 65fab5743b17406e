package io.weir.dispatcher.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.dispatcher.answer.StreamRelay.Progress;
import io.weir.dispatcher.http.BadAnswerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Makes the events of an engine that goes on with a text go on with the stream that the text came
 * in: without the opening that a stream has once, under the same id and time, and with a usage as
 * if one engine had done it all.
 */
public final class ContinuedEvents {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Optional<String> id;
  private final Optional<Long> created;
  private final int tokens;
  private final SseScanner scanner = new SseScanner();
  private final ByteArrayOutputStream event = new ByteArrayOutputStream();
  private final long largest;
  private boolean opened;

  /**
   * What follows a text.
   *
   * @param text all that was passed on of it
   * @param tokens that it has
   */
  public ContinuedEvents(GeneratedText text, int tokens, AnswerLimits limits) {
    this.id = text.id();
    this.created = text.created();
    this.tokens = tokens;
    this.largest = limits.event().bytes();
  }

  /**
   * Takes a piece of the new engine's stream.
   *
   * @throws BadAnswerException if it cannot be part of one
   */
  public Progress accept(StreamRelay relay, byte[] bytes, int offset, int count)
      throws BadAnswerException {
    Progress progress = Progress.NONE;
    for (int i = offset; i < offset + count && progress != Progress.DONE; i++) {
      switch (scanner.step(bytes[i])) {
        case WITHIN -> event.write(bytes[i]);
        case END -> {
          event.write(bytes[i]);
          progress = later(progress, pass(relay));
        }
        case ENDED_BEFORE -> {
          progress = later(progress, pass(relay));
          event.write(bytes[i]);
        }
        case ENDED_BEFORE_AND_END -> {
          progress = later(progress, pass(relay));
          event.write(bytes[i]);
          progress = later(progress, pass(relay));
        }
      }
      if (event.size() > largest) {
        throw new BadAnswerException("an event is larger than " + largest + " bytes");
      }
    }
    return progress;
  }

  private Progress pass(StreamRelay relay) throws BadAnswerException {
    byte[] whole = event.toByteArray();
    event.reset();
    String start = new String(whole, 0, Math.min(whole.length, 8), StandardCharsets.ISO_8859_1);
    int json = start.startsWith("data: ") ? 6 : start.startsWith("data:") ? 5 : whole.length;
    byte[] passed = json >= whole.length || whole[json] != '{' ? whole : rewritten(whole, json);
    if (passed.length == 0) {
      // The engine is at work, though nothing of it is shown.
      return Progress.DATA;
    }
    return relay.accept(passed, 0, passed.length);
  }

  /** An event's bytes as they are to be passed on; none if it only opens the stream. */
  private byte[] rewritten(byte[] whole, int from) throws BadAnswerException {
    Splices splices = new Splices();
    boolean shows = false;
    try (JsonParser json = FACTORY.createParser(whole, from, whole.length - from)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "id" -> {
            if (value == JsonToken.VALUE_STRING && id.isPresent()) {
              json.finishToken();
              splices.put(
                  json.currentTokenLocation().getByteOffset(),
                  json.currentLocation().getByteOffset(),
                  "\"" + ContinuedBody.quoted(id.get()) + "\"");
            }
          }
          case "created" -> {
            if (value == JsonToken.VALUE_NUMBER_INT && created.isPresent()) {
              json.getLongValue();
              splices.put(
                  json.currentTokenLocation().getByteOffset(),
                  json.currentLocation().getByteOffset(),
                  created.get().toString());
            }
          }
          case "usage" -> {
            if (value == JsonToken.START_OBJECT) {
              shows = true;
              usage(json, splices);
            }
          }
          case "choices" -> shows |= choices(json);
          default -> json.skipChildren();
        }
      }
    } catch (IOException notJson) {
      throw new BadAnswerException("an event of it is not JSON");
    }
    if (!opened && !shows) {
      return new byte[0];
    }
    opened = true;
    byte[] changed = splices.apply(whole, from, whole.length - from);
    byte[] all = new byte[from + changed.length];
    System.arraycopy(whole, 0, all, 0, from);
    System.arraycopy(changed, 0, all, from, changed.length);
    return all;
  }

  /** True if there is more in it than a role or an empty text. */
  private static boolean choices(JsonParser json) throws IOException {
    boolean shows = false;
    int depth = 0;
    for (JsonToken token = json.currentToken(); token != null; token = json.nextToken()) {
      switch (token) {
        case START_ARRAY, START_OBJECT -> depth++;
        case END_ARRAY, END_OBJECT -> depth--;
        case VALUE_STRING ->
            shows |= json.getTextLength() > 0 && !"role".equals(json.currentName());
        default -> {
          // Numbers and names show nothing.
        }
      }
      if (depth == 0) {
        return shows;
      }
    }
    return shows;
  }

  /** The text so far was the new engine's prompt, and is the client's answer. */
  private void usage(JsonParser json, Splices splices) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      int more =
          switch (name) {
            case "prompt_tokens" -> -tokens;
            case "completion_tokens" -> tokens;
            default -> 0;
          };
      if (more != 0 && value == JsonToken.VALUE_NUMBER_INT) {
        long corrected = Math.max(0, json.getLongValue() + more);
        splices.put(
            json.currentTokenLocation().getByteOffset(),
            json.currentLocation().getByteOffset(),
            Long.toString(corrected));
      } else {
        json.skipChildren();
      }
    }
  }

  private static Progress later(Progress one, Progress other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
