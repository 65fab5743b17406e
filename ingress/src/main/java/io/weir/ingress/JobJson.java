package io.weir.ingress;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchError;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.FileInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Files and batches as OpenAI's objects. */
final class JobJson {
  private static final JsonFactory JSON = new JsonFactory();

  private JobJson() {}

  static byte[] file(FileInfo file) {
    return bytes(json -> write(json, file));
  }

  static byte[] files(Page<FileInfo> page) {
    return bytes(json -> list(json, page, JobJson::write, FileInfo::getId));
  }

  /** A file that is no more. */
  static byte[] deleted(String fileId) {
    return bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("id", fileId);
          json.writeStringField("object", "file");
          json.writeBooleanField("deleted", true);
          json.writeEndObject();
        });
  }

  static byte[] batch(Batch batch) {
    return bytes(json -> write(json, batch));
  }

  static byte[] batches(Page<Batch> page) {
    return bytes(json -> list(json, page, JobJson::write, Batch::getId));
  }

  private static void write(JsonGenerator json, FileInfo file) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", file.getId());
    json.writeStringField("object", "file");
    json.writeNumberField("bytes", file.getBytes());
    json.writeNumberField("created_at", file.getCreatedAt().getEpochSecond());
    json.writeNumberField("expires_at", file.getExpiresAt().getEpochSecond());
    json.writeStringField("filename", file.getFilename());
    json.writeStringField("purpose", file.getPurpose());
    json.writeStringField("status", "processed");
    json.writeNullField("status_details");
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Batch batch) throws IOException {
    BatchStatus status = batch.getStatus();
    json.writeStartObject();
    json.writeStringField("id", batch.getId());
    json.writeStringField("object", "batch");
    json.writeStringField("endpoint", batch.getEndpoint());
    errors(json, batch);
    json.writeStringField("input_file_id", batch.getInput().getId());
    json.writeStringField("completion_window", batch.getCompletionWindow());
    json.writeStringField("status", status.name().toLowerCase(Locale.ROOT));
    json.writeStringField("output_file_id", batch.getOutputFile().orElse(null));
    json.writeStringField("error_file_id", batch.getErrorFile().orElse(null));
    json.writeNumberField("created_at", batch.getCreatedAt().getEpochSecond());
    time(json, "in_progress_at", batch.getStartedAt());
    time(json, "expires_at", Optional.of(batch.getExpiresAt()));
    time(json, "finalizing_at", batch.getFinalizingAt());
    ended(json, "completed_at", batch, BatchStatus.COMPLETED);
    ended(json, "failed_at", batch, BatchStatus.FAILED);
    ended(json, "expired_at", batch, BatchStatus.EXPIRED);
    time(json, "cancelling_at", batch.getCancellingAt());
    ended(json, "cancelled_at", batch, BatchStatus.CANCELLED);
    json.writeObjectFieldStart("request_counts");
    json.writeNumberField("total", batch.getTotal());
    json.writeNumberField("completed", batch.getCompleted());
    json.writeNumberField("failed", batch.getFailed());
    json.writeEndObject();
    if (batch.getMetadata().isEmpty()) {
      json.writeNullField("metadata");
    } else {
      json.writeObjectFieldStart("metadata");
      for (Map.Entry<String, String> each : batch.getMetadata().entrySet()) {
        json.writeStringField(each.getKey(), each.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void errors(JsonGenerator json, Batch batch) throws IOException {
    if (batch.getErrors().isEmpty()) {
      json.writeNullField("errors");
      return;
    }
    json.writeObjectFieldStart("errors");
    json.writeStringField("object", "list");
    json.writeArrayFieldStart("data");
    for (BatchError error : batch.getErrors()) {
      json.writeStartObject();
      json.writeStringField("code", error.getCode());
      json.writeStringField("message", error.getMessage());
      json.writeStringField("param", error.getParam().orElse(null));
      if (error.getLine().isPresent()) {
        json.writeNumberField("line", error.getLine().get());
      } else {
        json.writeNullField("line");
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void ended(JsonGenerator json, String name, Batch batch, BatchStatus as)
      throws IOException {
    time(json, name, batch.getStatus() == as ? batch.getEndedAt() : Optional.empty());
  }

  private static void time(JsonGenerator json, String name, Optional<Instant> at)
      throws IOException {
    if (at.isPresent()) {
      json.writeNumberField(name, at.get().getEpochSecond());
    } else {
      json.writeNullField(name);
    }
  }

  private interface Item<T> {
    void write(JsonGenerator json, T item) throws IOException;
  }

  private interface Id<T> {
    String of(T item);
  }

  private static <T> void list(JsonGenerator json, Page<T> page, Item<T> item, Id<T> id)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("object", "list");
    json.writeArrayFieldStart("data");
    for (T each : page.items()) {
      item.write(json, each);
    }
    json.writeEndArray();
    boolean empty = page.items().isEmpty();
    json.writeStringField("first_id", empty ? null : id.of(page.items().getFirst()));
    json.writeStringField("last_id", empty ? null : id.of(page.items().getLast()));
    json.writeBooleanField("has_more", page.hasMore());
    json.writeEndObject();
  }

  private interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] bytes(Content content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      content.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }
}
