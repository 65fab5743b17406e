package io.weir.controller.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.f4b6a3.ulid.Ulid;
import io.weir.schemas.Batch;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Ids of a batch's requests. They follow from batch and line, so that whoever runs the batch after
 * a crash knows those of all lines that were handed out before it.
 */
final class LineIds {
  private static final int RANDOM_BYTES = 10;

  private LineIds() {}

  /** A ULID: the time is the batch's start, the rest a hash. */
  static String of(Batch batch, int line) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest((batch.getId() + "/" + line).getBytes(UTF_8));
      long at = batch.getStartedAt().orElse(batch.getCreatedAt()).toEpochMilli();
      return new Ulid(at, Arrays.copyOf(hash, RANDOM_BYTES)).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
