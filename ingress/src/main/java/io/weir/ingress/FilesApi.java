package io.weir.ingress;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.ingress.jobs.JobStore;
import io.weir.ingress.jobs.MultipartReader;
import io.weir.schemas.FileInfo;
import io.weir.schemas.files.FileGoneException;
import io.weir.schemas.files.FileReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** OpenAI's files. */
final class FilesApi {
  private static final Logger LOG = LoggerFactory.getLogger(FilesApi.class);
  private static final int MOST_LISTED = 10_000;
  private static final int WRITE_BYTES = 64 << 10;
  private static final long RETRY_MILLIS = 1_000;

  private final JobStore store;
  private final long limit;
  private final Semaphore transfers;

  FilesApi(JobStore store, IngressLimits limits) {
    this.store = store;
    this.limit = limits.file().bytes();
    this.transfers = new Semaphore(limits.fileTransfers());
  }

  /** Takes a file in. */
  void create(String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    String boundary =
        request
            .headers()
            .first(HeaderNames.CONTENT_TYPE)
            .flatMap(MultipartReader::boundary)
            .orElseThrow(
                () ->
                    new RefusedException(
                        ApiError.invalid(
                            415,
                            "unsupported_media_type",
                            "Send the file as multipart/form-data, with a boundary.")));
    requireReady();
    if (store.hasNoRoomForFiles()) {
      throw new RefusedException(
          ApiError.unavailable(
              "files_exhausted",
              "There are more files than this ingress has room for; delete some, or raise ingress.limits.files.",
              60 * RETRY_MILLIS));
    }
    enter();
    try {
      FileInfo file =
          new FileUpload(store, limit).receive(request.content().inputStream(), boundary, tenant);
      KafkaUnavailable.asking(
          () -> {
            store.add(file);
            return file;
          });
      Responses.json(request, response, JobJson.file(file));
    } catch (KafkaUnavailable failure) {
      throw unavailable(failure);
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (RequestException e) {
      throw e.status().code() == 413
          ? new RefusedException(FileUpload.tooLarge(limit))
          : new RefusedException(
              ApiError.invalid(400, "malformed_http", "The body is not in well-formed chunks."));
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("The client left before the end of its file", e);
    } finally {
      transfers.release();
    }
  }

  /** What files a tenant has. */
  void list(String tenant, ServerRequest request, ServerResponse response) throws RefusedException {
    requireReady();
    Optional<String> purpose = request.query().first("purpose").asOptional();
    Page<FileInfo> page =
        Page.of(
            store.files(
                tenant, file -> purpose.isEmpty() || purpose.get().equals(file.getPurpose())),
            FileInfo::getId,
            request.query(),
            MOST_LISTED,
            MOST_LISTED);
    Responses.json(request, response, JobJson.files(page));
  }

  void get(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException {
    Responses.json(request, response, JobJson.file(find(id, tenant)));
  }

  /** The file's bytes. */
  void content(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    FileInfo file = find(id, tenant);
    enter();
    boolean begun = false;
    try (FileReader reader = store.reader()) {
      FileReader.Cursor cursor = reader.open(file);
      Optional<ByteBuffer> part = cursor.next();
      response.headers().set(HeaderNames.CONTENT_TYPE, "application/octet-stream");
      response.headers().set(HeaderNames.CONTENT_LENGTH, Long.toString(file.getBytes()));
      if (part.isEmpty()) {
        response.send();
        return;
      }
      try (OutputStream out = response.outputStream()) {
        begun = true;
        while (part.isPresent()) {
          write(out, part.get());
          part = cursor.next();
        }
      }
    } catch (FileGoneException gone) {
      if (begun) {
        throw new CloseConnectionException("A file broke off", gone);
      }
      throw new RefusedException(
          ApiError.invalid(410, "file_expired", "The file's content is no longer kept."));
    } finally {
      transfers.release();
    }
  }

  private static void write(OutputStream out, ByteBuffer part) throws IOException {
    byte[] bytes = new byte[part.remaining()];
    part.duplicate().get(bytes);
    for (int at = 0; at < bytes.length; at += WRITE_BYTES) {
      out.write(bytes, at, Math.min(WRITE_BYTES, bytes.length - at));
      out.flush();
    }
  }

  /** Forgets a file. Batches that have begun with it go on. */
  void delete(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException {
    FileInfo file = find(id, tenant);
    try {
      KafkaUnavailable.asking(
          () -> {
            store.remove(file);
            return file;
          });
    } catch (KafkaUnavailable failure) {
      throw unavailable(failure);
    } catch (InterruptedException e) {
      throw interrupted();
    }
    Responses.json(request, response, JobJson.deleted(id));
  }

  private FileInfo find(String id, String tenant) throws RefusedException {
    requireReady();
    try {
      return store
          .file(id, tenant)
          .orElseThrow(
              () ->
                  new RefusedException(
                      ApiError.invalid(404, "unknown_file", "There is no file '" + id + "'.")));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void requireReady() throws RefusedException {
    if (!store.isReady()) {
      throw new RefusedException(
          ApiError.unavailable("not_ready", "The files are not known here yet.", RETRY_MILLIS));
    }
  }

  private void enter() throws RefusedException {
    if (!transfers.tryAcquire()) {
      throw new RefusedException(
          ApiError.unavailable(
              "overloaded", "Too many files are being transferred.", RETRY_MILLIS));
    }
  }

  static RefusedException unavailable(KafkaUnavailable failure) {
    LOG.warn("job_not_written cause={}", String.valueOf(failure.getCause()));
    return new RefusedException(
        ApiError.unavailable(
            "broker_unavailable", "The brokers did not take it in time.", RETRY_MILLIS));
  }

  static RefusedException interrupted() {
    Thread.currentThread().interrupt();
    return new RefusedException(
        ApiError.unavailable("shutting_down", "This ingress is shutting down.", RETRY_MILLIS));
  }
}
