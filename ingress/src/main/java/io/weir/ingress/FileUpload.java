package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.f4b6a3.ulid.Ulid;
import io.weir.ingress.connection.ClientConnection;
import io.weir.ingress.jobs.JobStore;
import io.weir.ingress.jobs.MultipartReader;
import io.weir.schemas.FileInfo;
import io.weir.schemas.files.FileExtent;
import io.weir.schemas.files.FileWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One file on its way from a client to Kafka; never whole in memory. */
final class FileUpload {
  /** The purpose of files that may be uploaded. */
  static final String BATCH = "batch";

  /** As long as the topic of files keeps it. */
  private static final Duration LONGEST_LIFE = Duration.ofDays(30);

  private static final Duration SHORTEST_LIFE = Duration.ofHours(1);
  private static final int LONGEST_FIELD = 1 << 10;
  private static final int LONGEST_NAME = 255;

  private final JobStore store;
  private final long limit;
  private final byte[] buffer = new byte[16 << 10];
  private final String id = "file-" + Ulid.fast();
  private Optional<FileExtent> extent = Optional.empty();
  private String filename = "";
  private Optional<String> purpose = Optional.empty();
  private Duration life = LONGEST_LIFE;

  /**
   * @param limit largest file in bytes
   */
  FileUpload(JobStore store, long limit) {
    this.store = store;
    this.limit = limit;
  }

  /** The client's bytes; it may take long over all of them as long as some keep coming. */
  private static final class KeptAlive extends InputStream {
    private final InputStream in;

    KeptAlive(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      ClientConnection.current().awaitBody();
      int read = in.read(to, offset, length);
      ClientConnection.current().awaitAnswer();
      return read;
    }
  }

  /**
   * Receives a form and writes its file's parts.
   *
   * @return what makes them a file, once that is written
   * @throws RefusedException if the form is not what it must be
   * @throws KafkaUnavailable if Kafka does not take the parts
   * @throws IOException if the client breaks off
   */
  FileInfo receive(InputStream body, String boundary, String tenant)
      throws RefusedException, KafkaUnavailable, IOException, InterruptedException {
    MultipartReader form = new MultipartReader(new KeptAlive(body), boundary);
    try {
      for (Optional<MultipartReader.Part> part = form.next();
          part.isPresent();
          part = form.next()) {
        take(part.get(), form);
      }
    } catch (MultipartReader.MalformedException wrong) {
      throw new RefusedException(
          ApiError.invalid(
              400, "malformed_form", "The form is not well-formed: " + wrong.getMessage() + "."));
    }
    if (purpose.isEmpty()) {
      throw invalid("purpose", "The field 'purpose' is missing; it must be batch.");
    }
    if (extent.isEmpty()) {
      throw invalid("file", "The field 'file' is missing.");
    }
    Instant now = Instant.now();
    FileExtent lies = extent.get();
    return new FileInfo(
        id,
        tenant,
        filename,
        purpose.get(),
        lies.bytes(),
        now,
        now.plus(life),
        lies.partition(),
        lies.firstOffset(),
        lies.lastOffset());
  }

  private void take(MultipartReader.Part part, MultipartReader form)
      throws RefusedException, KafkaUnavailable, IOException, InterruptedException {
    switch (part.name()) {
      case "file" -> {
        if (extent.isPresent()) {
          throw invalid("file", "The field 'file' is given twice.");
        }
        String name = part.filename().filter(each -> !each.isBlank()).orElse("file");
        filename = name.substring(0, Math.min(name.length(), LONGEST_NAME));
        extent = Optional.of(write(form));
      }
      case "purpose" -> {
        purpose = Optional.of(text(form, "purpose"));
        if (!purpose.get().equals(BATCH)) {
          throw invalid("purpose", "The purpose must be batch; others are not offered here.");
        }
      }
      case "expires_after[anchor]" -> {
        if (!text(form, "expires_after[anchor]").equals("created_at")) {
          throw invalid("expires_after[anchor]", "The anchor must be created_at.");
        }
      }
      case "expires_after[seconds]" -> life = life(text(form, "expires_after[seconds]"));
      default -> {
        // Skipped, as unknown fields are.
      }
    }
  }

  private static Duration life(String seconds) throws RefusedException {
    if (seconds.matches("\\d{1,9}")) {
      Duration life = Duration.ofSeconds(Long.parseLong(seconds));
      if (life.compareTo(SHORTEST_LIFE) >= 0 && life.compareTo(LONGEST_LIFE) <= 0) {
        return life;
      }
    }
    throw invalid("expires_after[seconds]", "A file may be kept from 3600 to 2592000 seconds.");
  }

  private FileExtent write(MultipartReader form)
      throws RefusedException, KafkaUnavailable, IOException, InterruptedException {
    FileWriter writer = KafkaUnavailable.asking(() -> store.writer(id));
    int read = form.read(buffer);
    while (read >= 0) {
      if (writer.bytes() + read > limit) {
        throw new RefusedException(tooLarge(limit));
      }
      int length = read;
      KafkaUnavailable.asking(
          () -> {
            writer.write(buffer, 0, length);
            return length;
          });
      read = form.read(buffer);
    }
    return KafkaUnavailable.asking(writer::finish);
  }

  static ApiError tooLarge(long limit) {
    return ApiError.invalid(
        413, "file_too_large", "The file exceeds the limit of " + limit + " bytes.");
  }

  private String text(MultipartReader form, String field) throws RefusedException, IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int read = form.read(buffer);
    while (read >= 0) {
      text.write(buffer, 0, read);
      if (text.size() > LONGEST_FIELD) {
        throw invalid(field, "The field '" + field + "' is too long.");
      }
      read = form.read(buffer);
    }
    return text.toString(UTF_8).strip();
  }

  private static RefusedException invalid(String param, String message) {
    return new RefusedException(ApiError.invalid(param, message));
  }
}
