package io.weir.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.ingress.lookup.RequestView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * Responses as objects of OpenAI's API, as far as Weir writes them itself: while they wait or run,
 * and if they end without an engine's.
 */
final class ResponseJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String RESPONSE_EVENT = "event: error\ndata: {\"type\":\"error\"";
  private static final int DATA_BYTES = "data: {".length();
  private static final int TOO_MANY = 429;

  private ResponseJson() {}

  /** One that was taken to run in the background. */
  static byte[] queued(String requestId, String model, Instant createdAt) {
    return write(
        json -> {
          begin(json, requestId, RequestStatus.QUEUED.word(), createdAt);
          json.writeNullField("error");
          rest(json, model, Attendance.BACKGROUND);
        });
  }

  /** One without its output. */
  static byte[] of(RequestView view, RequestStatus status) {
    return write(
        json -> {
          begin(json, view.id(), word(status), createdAt(view));
          json.writeNullField("error");
          rest(json, view.model(), attendance(view));
        });
  }

  /** One that failed. */
  static byte[] failed(RequestView view, ApiError error) {
    return write(
        json -> {
          begin(json, view.id(), RequestStatus.FAILED.word(), createdAt(view));
          json.writeObjectFieldStart("error");
          json.writeStringField("code", code(error));
          json.writeStringField("message", error.message());
          ErrorJson.writeWeir(json, error, view.id());
          json.writeEndObject();
          rest(json, view.model(), attendance(view));
        });
  }

  /**
   * An error as the last event of a stream that has begun. Clients differ in where they look for
   * it: in the event, or in its object.
   */
  static byte[] errorEvent(ApiError error, String requestId, long sequence) {
    ByteArrayOutputStream event = new ByteArrayOutputStream(512);
    event.writeBytes("event: error\ndata: ".getBytes(US_ASCII));
    event.writeBytes(
        write(
            json -> {
              json.writeStringField("type", "error");
              json.writeNumberField("sequence_number", sequence);
              json.writeStringField("code", error.code().orElse(null));
              json.writeStringField("message", error.message());
              json.writeStringField("param", error.param().orElse(null));
              ErrorJson.write(json, error, requestId);
            }));
    event.writeBytes("\n\n".getBytes(US_ASCII));
    return event.toByteArray();
  }

  /**
   * The same of an error that an engine wrote.
   *
   * @param event {@code data: {…}} and a blank line
   */
  static byte[] errorEvent(byte[] event, long sequence) {
    ByteArrayOutputStream typed = new ByteArrayOutputStream(event.length + 64);
    typed.writeBytes((RESPONSE_EVENT + ",\"sequence_number\":" + sequence).getBytes(US_ASCII));
    if (event[DATA_BYTES] != '}') {
      typed.write(',');
    }
    typed.write(event, DATA_BYTES, event.length - DATA_BYTES);
    return typed.toByteArray();
  }

  /** What OpenAI's objects call it; a response that came too late has failed. */
  private static String word(RequestStatus status) {
    return (status == RequestStatus.EXPIRED ? RequestStatus.FAILED : status).word();
  }

  /** One of OpenAI's codes; the reason stands in Weir's own part. */
  private static String code(ApiError error) {
    if (error.status() == TOO_MANY) {
      return "rate_limit_exceeded";
    }
    return error.status() < 500 && error.type().equals("invalid_request_error")
        ? "invalid_prompt"
        : "server_error";
  }

  private static Instant createdAt(RequestView view) {
    return view.accepted().map(RequestView.Accepted::enqueuedAt).orElse(Instant.EPOCH);
  }

  private static Attendance attendance(RequestView view) {
    return view.accepted().filter(each -> !each.watched()).isPresent()
        ? Attendance.BACKGROUND
        : Attendance.CLIENT;
  }

  private static void begin(JsonGenerator json, String requestId, String status, Instant createdAt)
      throws IOException {
    json.writeStringField("id", ResponseIds.of(requestId));
    json.writeStringField("object", "response");
    json.writeNumberField("created_at", createdAt.getEpochSecond());
    json.writeStringField("status", status);
  }

  /** Fields that OpenAI's clients expect whatever the status. */
  private static void rest(JsonGenerator json, String model, Attendance attendance)
      throws IOException {
    json.writeBooleanField("background", attendance.isDetached());
    json.writeNullField("incomplete_details");
    json.writeNullField("instructions");
    json.writeObjectFieldStart("metadata");
    json.writeEndObject();
    json.writeStringField("model", model);
    json.writeArrayFieldStart("output");
    json.writeEndArray();
    json.writeBooleanField("parallel_tool_calls", true);
    json.writeNullField("previous_response_id");
    json.writeNullField("temperature");
    json.writeStringField("tool_choice", "auto");
    json.writeArrayFieldStart("tools");
    json.writeEndArray();
    json.writeNullField("top_p");
    json.writeNullField("usage");
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
