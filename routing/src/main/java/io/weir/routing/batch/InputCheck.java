package io.weir.routing.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.routing.batch.LineSplitter.Line;
import io.weir.schemas.BatchError;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Checks all lines of a batch before any is run. Of wrong ones the first 100 are told. Custom ids
 * are remembered by 16 bytes of their SHA-256, so that 50,000 take a few MB whatever their length.
 */
public final class InputCheck {
  /** Most lines of a batch. */
  public static final int MOST_LINES = 50_000;

  /** Most errors that are told. */
  public static final int MOST_ERRORS = 100;

  private final LineParser parser;
  private final Predicate<String> isModel;
  private final Set<Digest> customIds = new HashSet<>();
  private final List<BatchError> errors = new ArrayList<>();
  private int lines;

  private record Digest(long high, long low) {}

  /**
   * @param isModel whether there is a model of this name
   */
  public InputCheck(LineParser parser, Predicate<String> isModel) {
    this.parser = parser;
    this.isModel = isModel;
  }

  /** Takes the next line; false if looking at more of them makes no sense. */
  public boolean take(Line line) {
    lines++;
    if (lines > MOST_LINES) {
      add(
          line,
          new LineException(
              "too_many_lines", "A batch must not have more than " + MOST_LINES + " lines."));
      return false;
    }
    try {
      check(line);
    } catch (LineException wrong) {
      add(line, wrong);
    }
    return errors.size() < MOST_ERRORS;
  }

  private void check(Line line) throws LineException {
    if (line.isTooLong()) {
      throw new LineException("line_too_long", "The line is longer than a request may be.");
    }
    BatchLine read = parser.parse(line.bytes());
    if (!customIds.add(digest(read.customId()))) {
      throw new LineException(
          "duplicate_custom_id", "custom_id", "Another line has the same custom_id.");
    }
    if (!isModel.test(read.scanned().model())) {
      throw new LineException(
          "model_not_found",
          "body.model",
          "The model '" + read.scanned().model() + "' does not exist.");
    }
  }

  private void add(Line line, LineException wrong) {
    errors.add(
        new BatchError(
            wrong.code(), wrong.getMessage(), wrong.param().orElse(null), line.number() + 1));
  }

  /** What is wrong, once all lines were taken. */
  public List<BatchError> errors() {
    return lines == 0
        ? List.of(new BatchError("empty_file", "The input file has no lines.", null, null))
        : List.copyOf(errors);
  }

  /** How many lines there are. */
  public int lines() {
    return lines;
  }

  private static Digest digest(String customId) {
    try {
      ByteBuffer hash =
          ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(customId.getBytes(UTF_8)));
      return new Digest(hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
