package io.weir.controller.callbacks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.controller.callbacks.AnswerText.Text;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RequestState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;

/** The JSON that is posted. */
final class CallbackBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CallbackBody() {}

  /**
   * The result of a request that has come to its end: {@code response} is the engine's JSON, or the
   * text of a stream.
   */
  static byte[] of(RequestState state, Optional<Text> text) {
    LifecycleEvent terminal = state.getTerminal().orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("id", state.getRequestId());
      json.writeStringField("object", "request");
      json.writeStringField("status", terminal.getType().name().toLowerCase(Locale.ROOT));
      json.writeStringField("model", state.getModel());
      Optional<String> engine = terminal.getEngine();
      json.writeStringField("engine", engine.orElse(null));
      json.writeStringField("ended_at", terminal.getAt().toString());
      json.writeNumberField("attempts", state.getAttempts());
      error(json, terminal.getFailure());
      response(json, state, text);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }

  private static void error(JsonGenerator json, Optional<Failure> failure) throws IOException {
    if (failure.isEmpty()) {
      json.writeNullField("error");
      return;
    }
    json.writeObjectFieldStart("error");
    json.writeStringField("code", failure.get().getReason());
    json.writeStringField("message", failure.get().getMessage());
    json.writeBooleanField("retry_safe", failure.get().getRetrySafe());
    json.writeEndObject();
  }

  private static void response(JsonGenerator json, RequestState state, Optional<Text> text)
      throws IOException {
    if (text.isEmpty() || text.get().size() == 0) {
      json.writeNullField("response");
      return;
    }
    json.writeNumberField("response_bytes", text.get().size());
    byte[] bytes = text.get().bytes().array();
    if (bytes.length == 0) {
      json.writeNullField("response");
      return;
    }
    boolean stream = state.getRequest().map(AcceptedRequest::getStream).orElse(false);
    Optional<JsonNode> tree = stream ? Optional.empty() : tree(bytes);
    if (tree.isPresent()) {
      json.writeFieldName("response");
      json.writeTree(tree.get());
    } else {
      json.writeStringField("response", new String(bytes, UTF_8));
    }
  }

  private static Optional<JsonNode> tree(byte[] bytes) throws IOException {
    try {
      return Optional.of(JSON.readTree(bytes));
    } catch (JsonProcessingException noJson) {
      return Optional.empty();
    }
  }
}
