package io.weir.controller.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.schemas.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Lines of output files, in OpenAI's shape. */
final class ResultJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ResultJson() {}

  /**
   * Who is answered.
   *
   * @param requestId names the request in the whole system
   * @param customId names it within the batch
   */
  record Who(String requestId, String customId) {}

  /** An engine's answer, also one that refuses the request. */
  static byte[] answer(Who who, int status, byte[] body) {
    return line(
        who,
        json -> {
          json.writeObjectFieldStart("response");
          json.writeNumberField("status_code", status);
          json.writeStringField("request_id", who.requestId());
          json.writeFieldName("body");
          if (isOneValue(body)) {
            json.writeRawValue(onOneLine(body));
          } else {
            json.writeString(new String(body, UTF_8));
          }
          json.writeEndObject();
          json.writeNullField("error");
        });
  }

  /** A failure of Weir or of an engine that gave no answer. */
  static byte[] failure(Who who, Failure failure) {
    return line(
        who,
        json -> {
          json.writeObjectFieldStart("response");
          json.writeNumberField("status_code", failure.getStatus());
          json.writeStringField("request_id", who.requestId());
          json.writeObjectFieldStart("body");
          json.writeObjectFieldStart("error");
          json.writeStringField("message", failure.getMessage());
          json.writeStringField(
              "type", failure.getStatus() < 500 ? "invalid_request_error" : "server_error");
          json.writeNullField("param");
          json.writeStringField("code", failure.getReason());
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
          json.writeNullField("error");
        });
  }

  /** A line that was not run, or not to its end. */
  static byte[] error(Who who, String code, String message) {
    return line(
        who,
        json -> {
          json.writeNullField("response");
          json.writeObjectFieldStart("error");
          json.writeStringField("code", code);
          json.writeStringField("message", message);
          json.writeEndObject();
        });
  }

  /** JSON has no line ends within strings, so all there are may go. */
  private static String onOneLine(byte[] body) {
    byte[] flat = body.clone();
    for (int i = 0; i < flat.length; i++) {
      if (flat[i] == '\n' || flat[i] == '\r') {
        flat[i] = ' ';
      }
    }
    return new String(flat, UTF_8).strip();
  }

  private static boolean isOneValue(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      JsonToken first = parser.nextToken();
      parser.skipChildren();
      return first != null && parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] line(Who who, Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("id", "batch_req_" + who.requestId());
      json.writeStringField("custom_id", who.customId());
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing JSON to memory failed", e);
    }
    out.write('\n');
    return out.toByteArray();
  }
}
