package io.weir.controller.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Answers in JSON. */
final class Replies {
  static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
  private static final JsonFactory FACTORY = new JsonFactory();

  private Replies() {}

  /** Writes the fields of an object. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /** One JSON object. */
  static byte[] object(Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }

  /** An error in OpenAI's shape. */
  static byte[] error(AdminException error) {
    return object(
        json -> {
          json.writeObjectFieldStart("error");
          json.writeStringField("message", error.getMessage());
          json.writeStringField(
              "type", error.status() < 500 ? "invalid_request_error" : "server_error");
          json.writeStringField("param", error.param().orElse(null));
          json.writeStringField("code", error.code());
          json.writeEndObject();
        });
  }

  static void send(ServerRequest request, ServerResponse response, int status, byte[] body) {
    response.status(Status.create(status)).header(JSON);
    // Nobody may show these pages as something else, or keep them.
    response.headers().set(HeaderNames.CACHE_CONTROL, "no-store");
    response.headers().set(HeaderNames.create("x-content-type-options"), "nosniff");
    if (status == 503) {
      response.headers().set(HeaderNames.RETRY_AFTER, "1");
    }
    if (request.prologue().method().equals(Method.HEAD)) {
      response.headers().set(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
      response.send();
    } else {
      response.send(body);
    }
  }
}
