package io.weir.dispatcher.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The text that the events of a chat's or completion's stream have brought so far, so that another
 * engine can go on with it. Only plain text of one choice can be gone on with: with calls of tools,
 * reasoning or log probabilities nothing is kept. For the thread that holds the stream.
 */
public final class GeneratedText {
  /** Longer texts are not gone on with. */
  private static final int LONGEST = 2 * 1024 * 1024;

  private static final JsonFactory FACTORY = new JsonFactory();

  private final StringBuilder text = new StringBuilder();
  private Optional<String> id = Optional.empty();
  private Optional<Long> created = Optional.empty();
  private int pieces;
  private boolean plain = true;
  private boolean finished;

  /**
   * The text of events that were published before.
   *
   * @param events whole ones, from an array
   */
  public static GeneratedText of(ByteBuffer events) {
    GeneratedText text = new GeneratedText();
    EventReader reader = new ChoiceEvents(Optional.of(text));
    SseScanner scanner = new SseScanner();
    byte[] bytes = events.array();
    int from = events.arrayOffset() + events.position();
    int end = from + events.remaining();
    for (int i = from; i < end; i++) {
      boolean before = false;
      boolean here = false;
      switch (scanner.step(bytes[i])) {
        case WITHIN -> {}
        case END -> here = true;
        case ENDED_BEFORE -> before = true;
        case ENDED_BEFORE_AND_END -> {
          before = true;
          here = true;
        }
      }
      if (before) {
        reader.accept(bytes, from, i);
        from = i;
      }
      if (here) {
        reader.accept(bytes, from, i + 1);
        from = i + 1;
      }
    }
    if (from < end) {
      // The last event's end was only seen to be one by what would have followed.
      reader.accept(bytes, from, end);
    }
    return text;
  }

  /** Takes in the JSON text of one event. */
  void accept(byte[] bytes, int from, int to) {
    if (!plain) {
      return;
    }
    try (JsonParser json = FACTORY.createParser(bytes, from, to - from)) {
      plain = json.nextToken() == JsonToken.START_OBJECT;
      while (plain && json.nextToken() == JsonToken.FIELD_NAME) {
        topLevel(json.currentName(), json);
      }
    } catch (IOException notJson) {
      plain = false;
    }
    if (!plain || text.length() > LONGEST) {
      plain = false;
      text.setLength(0);
    }
  }

  /** True if it is all there is so far, and another engine could go on with it. */
  public boolean isPlain() {
    return plain;
  }

  /** True if the engine has said why it ends: nothing of the text is missing. */
  public boolean isFinished() {
    return finished;
  }

  public String text() {
    return text.toString();
  }

  /** How many events brought some of it, which is roughly how many tokens it has. */
  public int pieces() {
    return pieces;
  }

  /** The answer's id, as the first event had it. */
  Optional<String> id() {
    return id;
  }

  /** When the answer was begun, as the first event had it. */
  Optional<Long> created() {
    return created;
  }

  private void topLevel(String name, JsonParser json) throws IOException {
    JsonToken value = json.nextToken();
    switch (name) {
      case "id" -> {
        if (id.isEmpty() && value == JsonToken.VALUE_STRING) {
          id = Optional.of(json.getText());
        }
      }
      case "created" -> {
        if (created.isEmpty() && value == JsonToken.VALUE_NUMBER_INT) {
          created = Optional.of(json.getLongValue());
        }
      }
      case "choices" -> {
        plain = value == JsonToken.START_ARRAY;
        while (plain && json.nextToken() == JsonToken.START_OBJECT) {
          choice(json);
        }
      }
      case "error" -> plain = false;
      default -> json.skipChildren();
    }
  }

  private void choice(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "index" -> plain &= value == JsonToken.VALUE_NUMBER_INT && json.getIntValue() == 0;
        case "text" -> append(json);
        case "finish_reason" -> finished |= value == JsonToken.VALUE_STRING;
        case "logprobs" -> plainIfNull(json);
        case "delta" -> delta(json);
        default -> json.skipChildren();
      }
    }
  }

  private void delta(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      plain &= json.currentToken() == JsonToken.VALUE_NULL;
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "content" -> append(json);
        case "role" -> json.skipChildren();
        // Calls of tools, refusals, reasoning, and whatever comes to be.
        default -> plainIfNull(json);
      }
    }
  }

  private void append(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      int before = text.length();
      text.append(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      pieces += text.length() > before ? 1 : 0;
    } else {
      plainIfNull(json);
    }
  }

  private void plainIfNull(JsonParser json) throws IOException {
    boolean nothing =
        json.currentToken() == JsonToken.VALUE_NULL
            || (json.currentToken() == JsonToken.VALUE_STRING && json.getTextLength() == 0)
            || (json.currentToken() == JsonToken.START_ARRAY
                && json.nextToken() == JsonToken.END_ARRAY);
    plain &= nothing;
    if (!nothing) {
      json.skipChildren();
    }
  }
}
