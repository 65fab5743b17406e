package io.weir.dispatcher.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Makes of a request for a response in the background one that an engine answers at once: it is
 * Weir that keeps the answer, and the engine would only say that it has begun.
 */
public final class ForegroundBody {
  private static final JsonFactory FACTORY = new JsonFactory();

  private ForegroundBody() {}

  /**
   * The same request with {@code "background": false}; all other bytes stay.
   *
   * @param body JSON in an array
   */
  public static ByteBuffer of(ByteBuffer body) {
    int offset = body.arrayOffset() + body.position();
    Splices splices = new Splices();
    boolean found = false;
    try (JsonParser json = FACTORY.createParser(body.array(), offset, body.remaining())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean background = json.currentName().equals("background");
        if (json.nextToken() == JsonToken.VALUE_TRUE && background) {
          found = true;
          splices.put(
              json.currentTokenLocation().getByteOffset(),
              json.currentLocation().getByteOffset(),
              "false");
        }
        json.skipChildren();
      }
    } catch (IOException notJson) {
      throw new IllegalArgumentException("the body is not JSON, though it was when taken", notJson);
    }
    return found ? ByteBuffer.wrap(splices.apply(body.array(), offset, body.remaining())) : body;
  }
}
