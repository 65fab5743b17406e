package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.routing.answer.EventIds;
import io.weir.schemas.ResponseHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Finds in an engine's answer the response object, or the words it has for there being none. */
final class ResponseObject {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int OK = 200;
  private static final byte[] DATA = "data:".getBytes(UTF_8);

  private ResponseObject() {}

  /**
   * The object to the byte: the answer itself, or what the last event of a stream holds.
   *
   * @param body the whole answer
   */
  static Optional<byte[]> of(ResponseHead head, byte[] body) {
    if (head.getStatus() != OK) {
      return Optional.empty();
    }
    return isStream(head)
        ? field(lastData(body), "response")
        : Optional.of(body).filter(ResponseObject::isObject);
  }

  /** What an engine says that has no response object, if it says it as OpenAI does. */
  static Optional<String> error(ResponseHead head, byte[] body) {
    byte[] said = isStream(head) ? lastData(body) : body;
    return field(said, "error").or(() -> Optional.of(said)).flatMap(ResponseObject::message);
  }

  private static boolean isStream(ResponseHead head) {
    return head.getContentType().toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  /** The data of the last event that has any; a line each is what engines write. */
  private static byte[] lastData(byte[] events) {
    byte[] last = new byte[0];
    ByteBuffer rest = ByteBuffer.wrap(events);
    while (rest.hasRemaining()) {
      ByteBuffer after = EventIds.after(rest, 1);
      byte[] data = data(events, rest.position(), after.position());
      last = data.length == 0 ? last : data;
      rest = after;
    }
    return last;
  }

  private static byte[] data(byte[] events, int from, int to) {
    int line = from;
    while (line < to) {
      int end = line;
      while (end < to && events[end] != '\n' && events[end] != '\r') {
        end++;
      }
      if (end - line >= DATA.length
          && Arrays.equals(events, line, line + DATA.length, DATA, 0, DATA.length)) {
        return Arrays.copyOfRange(events, line + DATA.length, end);
      }
      line = end + 1;
    }
    return new byte[0];
  }

  private static boolean isObject(byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      boolean object = json.nextToken() == JsonToken.START_OBJECT;
      json.skipChildren();
      return object && json.nextToken() == null;
    } catch (IOException notJson) {
      return false;
    }
  }

  /** The text of an object's field that is an object itself. */
  private static Optional<byte[]> field(byte[] object, String name) {
    try (JsonParser json = JSON.createParser(object)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = json.currentName().equals(name);
        JsonToken value = json.nextToken();
        int start = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        if (wanted && value == JsonToken.START_OBJECT) {
          int end = (int) json.currentLocation().getByteOffset();
          return Optional.of(Arrays.copyOfRange(object, start, end));
        }
      }
      return Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  private static Optional<String> message(byte[] error) {
    try (JsonParser json = JSON.createParser(error)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = json.currentName().equals("message");
        if (json.nextToken() == JsonToken.VALUE_STRING && wanted) {
          return Optional.of(json.getText());
        }
        json.skipChildren();
      }
      return Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }
}
