package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What an engine says instead of a stream when the stream has begun already. Its JSON becomes an
 * event; what is no JSON, or too long to be an error, becomes an error that names its status.
 */
final class Refusal {
  private static final int LONGEST = 64 << 10;
  private static final JsonFactory JSON = new JsonFactory();

  private final int status;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean tooLong;

  Refusal(int status) {
    this.status = status;
  }

  void add(ByteBuffer data) {
    tooLong = tooLong || body.size() + data.remaining() > LONGEST;
    if (!tooLong) {
      byte[] bytes = new byte[data.remaining()];
      data.get(data.position(), bytes);
      body.writeBytes(bytes);
    }
  }

  /** The event that ends the stream. */
  byte[] event(String requestId, int attempts) {
    byte[] other = ErrorJson.event(AnswerErrors.refused(status, attempts), requestId);
    if (tooLong) {
      return other;
    }
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    event.writeBytes("data: ".getBytes(UTF_8));
    try (JsonParser parser = JSON.createParser(body.toByteArray());
        JsonGenerator oneLine = JSON.createGenerator(event)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return other;
      }
      oneLine.copyCurrentStructure(parser);
    } catch (IOException e) {
      return other;
    }
    event.writeBytes("\n\n".getBytes(UTF_8));
    return event.toByteArray();
  }
}
