package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.ingress.lookup.RequestView;
import io.weir.routing.admission.QueuePlace;
import io.weir.schemas.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A request as an object of the API; its answer has the shape of a line of OpenAI's batches. */
final class RequestJson {
  private static final JsonFactory JSON = new JsonFactory();

  private RequestJson() {}

  /** One that was taken and that nothing more is known of. */
  static byte[] queued(String id, Instant createdAt, Instant expiresAt) {
    return write(
        json -> {
          begin(json, id, RequestStatus.QUEUED);
          json.writeNumberField("created_at", createdAt.getEpochSecond());
          json.writeNumberField("expires_at", expiresAt.getEpochSecond());
        });
  }

  /** One without its answer. */
  static byte[] of(RequestView view, RequestStatus status) {
    return write(
        json -> {
          describe(json, view, status, view.attempts());
          json.writeNullField("response");
          json.writeNullField("error");
        });
  }

  /** One that has not ended. */
  static byte[] waiting(RequestView view, RequestStatus status, Optional<QueuePlace> place) {
    return write(
        json -> {
          describe(json, view, status, view.attempts());
          if (place.isPresent()) {
            json.writeObjectFieldStart("queue");
            json.writeNumberField("position", place.get().position());
            if (place.get().etaMillis().isPresent()) {
              json.writeNumberField("eta_ms", place.get().etaMillis().getAsLong());
            }
            json.writeEndObject();
          }
          json.writeNullField("response");
          json.writeNullField("error");
        });
  }

  /** One that ended without an engine's answer. */
  static byte[] of(RequestView view, RequestStatus status, ApiError error) {
    return write(
        json -> {
          describe(json, view, status, view.attempts());
          json.writeNullField("response");
          ErrorJson.write(json, error, view.id());
        });
  }

  /** One with its answer. */
  static byte[] of(RequestView view, RequestStatus status, CollectedAnswer answer) {
    return write(
        json -> {
          describe(json, view, status, Math.max(view.attempts(), answer.attempts()));
          if (answer.error().isEmpty()) {
            response(json, view.id(), answer.head().orElseThrow(), answer.body());
          } else {
            json.writeNullField("response");
          }
          if (answer.error().isPresent()) {
            ErrorJson.write(json, answer.error().get(), view.id());
          } else {
            json.writeNullField("error");
          }
        });
  }

  private static void begin(JsonGenerator json, String id, RequestStatus status)
      throws IOException {
    json.writeStringField("id", id);
    json.writeStringField("object", "request");
    json.writeStringField("status", status.word());
  }

  private static void describe(
      JsonGenerator json, RequestView view, RequestStatus status, int attempts) throws IOException {
    begin(json, view.id(), status);
    json.writeStringField("model", view.model());
    json.writeStringField("service_tier", view.requestClass());
    json.writeNumberField("attempts", attempts);
    Optional<RequestView.Accepted> accepted = view.accepted();
    if (accepted.isPresent()) {
      json.writeStringField("path", accepted.get().path());
      json.writeBooleanField("stream", accepted.get().stream());
      json.writeNumberField("created_at", accepted.get().enqueuedAt().getEpochSecond());
      json.writeNumberField("expires_at", accepted.get().expiresAt().getEpochSecond());
    }
    if (view.terminal().isPresent()) {
      json.writeNumberField("completed_at", view.terminal().get().at().getEpochSecond());
    }
  }

  private static void response(JsonGenerator json, String id, ResponseHead head, byte[] body)
      throws IOException {
    json.writeObjectFieldStart("response");
    json.writeNumberField("status_code", head.getStatus());
    json.writeStringField("request_id", id);
    json.writeStringField("content_type", head.getContentType());
    json.writeStringField("engine", head.getEngine());
    json.writeFieldName("body");
    String type = head.getContentType().toLowerCase(Locale.ROOT);
    if (type.startsWith("application/json") && isOneValue(body)) {
      // As the engine wrote it, to the byte.
      json.writeRawValue(new String(body, UTF_8));
    } else {
      json.writeString(new String(body, UTF_8));
    }
    json.writeEndObject();
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

  private static byte[] write(Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }
}
