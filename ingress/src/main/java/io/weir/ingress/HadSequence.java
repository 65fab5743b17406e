package io.weir.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.EventIds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * All events of a response up to and including one that the client names by the number in it, as
 * OpenAI's {@code starting_after} does. The number does not tell whose event it is: if the response
 * was made anew after events had come, nobody can know which of them the client has.
 */
final class HadSequence implements Had {
  private static final JsonFactory JSON = new JsonFactory();

  private final long last;
  private boolean seen;
  private boolean voided;

  HadSequence(long last) {
    this.last = last;
  }

  @Override
  public Of of(Deliver piece) {
    if (voided) {
      return new Of.Another();
    }
    seen |= piece.count() > 0;
    int had = 0;
    ByteBuffer rest = piece.data();
    while (had < piece.count()) {
      ByteBuffer after = EventIds.after(rest, 1);
      OptionalLong number = number(rest, after.position() - rest.position());
      if (number.isPresent() && number.getAsLong() > last) {
        return new Of.Some(had);
      }
      had++;
      rest = after;
    }
    return piece.end().isPresent() ? new Of.Some(had) : new Of.All();
  }

  @Override
  public void voided() {
    voided |= seen;
  }

  @Override
  public ApiError another() {
    return ResponseErrors.ranAgain();
  }

  private static OptionalLong number(ByteBuffer events, int length) {
    byte[] bytes = new byte[length];
    events.get(events.position(), bytes);
    String event = new String(bytes, ISO_8859_1);
    int data = event.startsWith("data:") ? 0 : event.indexOf("\ndata:") + 1;
    int from = data + "data:".length();
    if (from > length) {
      return OptionalLong.empty();
    }
    try (JsonParser json = JSON.createParser(bytes, from, length - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return OptionalLong.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean number = json.currentName().equals("sequence_number");
        if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && number) {
          return OptionalLong.of(json.getLongValue());
        }
        json.skipChildren();
      }
      return OptionalLong.empty();
    } catch (IOException notJson) {
      // An event without a number belongs to the one before.
      return OptionalLong.empty();
    }
  }
}
