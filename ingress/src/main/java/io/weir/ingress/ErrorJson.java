package io.weir.ingress;

import static java.math.RoundingMode.HALF_EVEN;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** Writes errors in OpenAI's shape. */
final class ErrorJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ErrorJson() {}

  /** The error as a JSON object on one line. */
  static byte[] of(ApiError error, String requestId) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      write(json, error, requestId);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }

  /** Writes the field {@code error} of the object that was begun. */
  static void write(JsonGenerator json, ApiError error, String requestId) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeStringField("message", error.message());
    json.writeStringField("type", error.type());
    json.writeStringField("param", error.param().orElse(null));
    json.writeStringField("code", error.code().orElse(null));
    writeWeir(json, error, requestId);
    json.writeEndObject();
  }

  /** Writes the field {@code weir}: what only Weir knows of an error. */
  static void writeWeir(JsonGenerator json, ApiError error, String requestId) throws IOException {
    json.writeObjectFieldStart("weir");
    json.writeStringField("reason", error.weir().reason());
    json.writeBooleanField("retry_safe", error.weir().retrySafe());
    json.writeBooleanField("work_started", error.weir().workStarted());
    json.writeNumberField("queue_ms", error.weir().queueMillis());
    json.writeNumberField("attempts", error.weir().attempts());
    json.writeStringField("request_id", requestId);
    if (!error.weir().numbers().isEmpty()) {
      json.writeObjectFieldStart("numbers");
      for (Map.Entry<String, Double> each : new TreeMap<>(error.weir().numbers()).entrySet()) {
        if (Double.isFinite(each.getValue())) {
          json.writeFieldName(each.getKey());
          json.writeNumber(plain(each.getValue()));
        }
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** With three places at most, and without exponent. */
  private static BigDecimal plain(double number) {
    BigDecimal exact = BigDecimal.valueOf(number);
    BigDecimal rounded = exact.setScale(Math.min(3, Math.max(0, exact.scale())), HALF_EVEN);
    return rounded.signum() == 0
        ? BigDecimal.ZERO
        : new BigDecimal(rounded.stripTrailingZeros().toPlainString());
  }

  /** The error as a server-sent event. */
  static byte[] event(ApiError error, String requestId) {
    byte[] json = of(error, requestId);
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + 16);
    out.writeBytes("data: ".getBytes(UTF_8));
    out.writeBytes(json);
    out.writeBytes("\n\n".getBytes(UTF_8));
    return out.toByteArray();
  }
}
